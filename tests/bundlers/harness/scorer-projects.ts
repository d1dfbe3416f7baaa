import { latestEsbuild, lowestEsbuild } from './esbuild.ts'
import type { Lane } from './matrix.ts'
import { rspackLane, webpackLane } from './others.ts'
import { rolldownLane, rollupLane } from './rollup.ts'
import { type ViteVersion, viteLane } from './vite.ts'

/** A project that is a scorer, built in one of the ways that there are. */
export interface ScorerProject {
  lane: Lane
  run: string[]
  files: Record<string, string>
}

/** What a row's `ground_truth` has the scorer do. */
export interface Truth {
  does: string
  answer?: string
  judge?: string
}

/** What is no score → the reason that the row gets. */
export const INVALID: Readonly<Record<string, RegExp>> = {
  throw: /scorer-broke-here/,
  reject: /rejected-here/,
  nan: /NaN/,
  text: /'0\.5'/,
  nothing: /undefined|missing/,
  exit: /exit code 3/,
}

/** With a function of another file, which it imports or awaits, and a part that it loads when a row needs it. */
function scorerSource(isTypeScript: boolean, share: string): string {
  const typed = (types: string): string => (isTypeScript ? types : '')
  return `${share}
import { strict } from 'node:assert'
${typed("import type { EvaluateResult, EvaluationRow } from '@fw/evaluator-scorer'\n")}
export default async function score(row${typed(': EvaluationRow')})${typed(': Promise<EvaluateResult | number>')} {
  const answer = String(row.messages.at(-1)?.content)
  const truth = row.groundTruth${typed(' as any')}
  if (truth.does === 'share') return share(answer, truth.answer)
  if (truth.does === 'later') return (await import('./later.js')).half
  if (truth.does === 'judge') {
    const response = await fetch(truth.judge, { method: 'POST', body: JSON.stringify(answer) })
    return { score: (await response.json()).score, metrics: { length: { score: answer.length, reason: 'letters' } } }
  }
  if (truth.does === 'modern') {
    strict.equal(structuredClone(new URL('http://a/b').pathname), '/b')
    return Number(new Intl.NumberFormat('de').format(0.5).replace(',', '.'))
  }
  if (truth.does === 'throw') throw new Error('scorer-broke-here')
  if (truth.does === 'reject') return Promise.reject(new Error('rejected-here'))
  if (truth.does === 'nan') return Number.NaN
  if (truth.does === 'text') return '0.5'${typed(' as any')}
  if (truth.does === 'nothing') return undefined${typed(' as any')}
  if (truth.does === 'exit') process.exit(3)
  console.log('{"id":1,"result":{"score":1}}')
  return 0.3
}
`
}

const IMPORTS = "import { share } from './share.js'"
const AWAITS = "const { share } = await import('./share.js')"

/** What the scorer imports: in the end a package in CommonJS that needs a module of Node. */
const PARTS = {
  'rows.jsonl': '{"messages":[]}\n',
  'src/later.js': 'export const half = 0.5\n',
  'src/share.js': "import dep from 'dep'\nexport const share = (a, b) => (dep.isSame(a, b) ? 1 : 0.25)\n",
  'node_modules/dep/package.json': '{ "name": "dep", "main": "index.js" }',
  'node_modules/dep/index.js':
    "const { isDeepStrictEqual } = require('util')\nexports.isSame = (a, b) => isDeepStrictEqual(a, b)\n",
}
/** Rollup finds no packages without a plugin. */
const NO_PACKAGE = { 'src/share.js': 'export const share = (a, b) => (a === b ? 1 : 0.25)\n' }

interface Source {
  /** Of package.json, which says what a `.js` file is. */
  type: 'module' | 'commonjs'
  share?: string
}

function sources(language: 'ts' | 'js', { type, share = IMPORTS }: Source): Record<string, string> {
  return {
    'package.json': JSON.stringify({ type }),
    ...PARTS,
    [`src/score.${language}`]: scorerSource(language === 'ts', share),
  }
}

const plugin = (score: string): string =>
  `fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, score: '${score}', rows: 'rows.jsonl', wait: true })`

function vite(version: ViteVersion, source: Source, format?: 'es' | 'cjs'): ScorerProject {
  const lib = `lib: { entry: 'src/score.ts', fileName: 'score', formats: ['${format}'] }, rollupOptions: { external: [/^node:/, 'util'] }`
  return {
    lane: viteLane(version),
    run: ['vite', 'build'],
    files: {
      ...sources('ts', source),
      'vite.config.mjs': `import { fwEvaluator } from '@fw/vite-plugin'
export default { ${format ? `build: { ${lib} },` : ''} plugins: [${plugin('src/score.ts')}] }
`,
    },
  }
}

function esbuild(lane: Lane, source: Source, options = ''): ScorerProject {
  const named =
    options && `entryPoints: ['src/score.ts'], bundle: true, platform: 'node', outdir: 'dist', ${options},`
  return {
    lane,
    run: ['node', 'build.mjs'],
    files: {
      ...sources('ts', source),
      'build.mjs': `import { build } from 'esbuild'
import { fwEvaluator } from '@fw/esbuild-plugin'
await build({ ${named} plugins: [${plugin('src/score.ts')}] })
`,
    },
  }
}

function webpack(lane: Lane, source: Source): ScorerProject {
  const face = lane === webpackLane ? 'webpack' : 'rspack'
  return {
    lane,
    run: ['node', 'build.mjs'],
    files: {
      ...sources('js', source),
      'build.mjs': `import { fwEvaluator } from '@fw/evaluator-unplugin/${face}'
import { bundle } from './probe.mjs'
bundle({ mode: 'production', plugins: [${plugin('src/score.js')}] }, (error, stats) => {
  if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString())
})
`,
    },
  }
}

function rollup(lane: Lane, source: Source, format: 'es' | 'cjs'): ScorerProject {
  const name = lane === rollupLane ? 'rollup' : 'rolldown'
  return {
    lane,
    run: ['node', 'build.mjs'],
    files: {
      ...sources('js', source),
      ...(lane === rollupLane && NO_PACKAGE),
      'build.mjs': `import { ${name} } from '${name}'
import { fwEvaluator } from '@fw/evaluator-unplugin/${name}'
const bundle = await ${name}({ external: [/^node:/], plugins: [${plugin('src/score.js')}] })
await bundle.write({ dir: 'dist', format: '${format}' })
await bundle.close()
`,
    },
  }
}

/** By the evaluator's id. */
export const PROJECTS: Readonly<Record<string, ScorerProject>> = {
  'vite-5': vite(5, { type: 'module', share: AWAITS }),
  'vite-6': vite(6, { type: 'commonjs', share: AWAITS }),
  'vite-7': vite(7, { type: 'module', share: AWAITS }),
  'vite-8': vite(8, { type: 'commonjs', share: AWAITS }),
  'vite-5-es': vite(5, { type: 'commonjs' }, 'es'),
  'vite-7-es': vite(7, { type: 'module' }, 'es'),
  'vite-6-cjs': vite(6, { type: 'module' }, 'cjs'),
  'vite-8-cjs': vite(8, { type: 'commonjs' }, 'cjs'),
  'esbuild-lowest': esbuild(lowestEsbuild, { type: 'commonjs', share: AWAITS }),
  'esbuild-latest': esbuild(latestEsbuild, { type: 'module', share: AWAITS }),
  'esbuild-cjs': esbuild(latestEsbuild, { type: 'module' }, "format: 'cjs'"),
  'webpack-module': webpack(webpackLane, { type: 'module', share: AWAITS }),
  'rspack-module': webpack(rspackLane, { type: 'module', share: AWAITS }),
  'rollup-es': rollup(rollupLane, { type: 'module', share: AWAITS }, 'es'),
  'rollup-cjs': rollup(rollupLane, { type: 'commonjs' }, 'cjs'),
  'rolldown-es': rollup(rolldownLane, { type: 'commonjs', share: AWAITS }, 'es'),
}
