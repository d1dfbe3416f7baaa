import type { Lane } from './matrix.ts'
import { versionOf } from './project.ts'

const probe = "import { version } from 'esbuild'\nconsole.log('measured ' + version)\n"

/** The lowest version that works: before it, errors that an onEnd callback returns are dropped, and the build succeeds. */
export const lowestEsbuild: Lane = {
  label: 'esbuild 0.17.0',
  version: '0.17.0',
  packages: { esbuild: 'esbuild-0.17' },
  probe,
}

export const latestEsbuild: Lane = {
  label: 'esbuild latest',
  version: versionOf('esbuild'),
  packages: { esbuild: 'esbuild', tsup: 'tsup' },
  probe,
}

/** A script that builds with esbuild and the plugin. */
export function esbuildScript({
  build = "outdir: 'dist'",
  options = '',
  before = '',
  after = '',
  top = '',
  run = 'await build(options)',
}: {
  /** More of esbuild's options. */
  build?: string
  /** More options of the plugin. */
  options?: string
  /** Plugins in front of ours, and behind. */
  before?: string
  after?: string
  top?: string
  /** What is done with `options`; `build` and `context` are esbuild's. */
  run?: string
} = {}): string {
  return `import './probe.mjs'
import { build, context } from 'esbuild'
import { fwEvaluator } from '@fw/esbuild-plugin'
${top}
const ours = fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false }, include: ['*.py', 'requirements.txt'], ${options} })
const options = {
  entryPoints: ['src/index.js'], bundle: true, format: 'esm', logLevel: 'info',
  plugins: [${before} ours, ${after}],
  ${build},
}
${run}
`
}
