import type { Lane } from './matrix.ts'
import { versionOf } from './project.ts'

/** A version of Vite that is under test: the lowest of a major, or the newest of all. */
export type ViteVersion = 5 | 6 | 7 | 8 | 'newest'

/** The lowest of each major that `peerDependencies` allow, and the newest that the catalog has. */
const VERSIONS: Record<ViteVersion, { version: string; package: string }> = {
  5: { version: '5.4.0', package: 'vite-5' },
  6: { version: '6.0.0', package: 'vite-6' },
  7: { version: '7.0.0', package: 'vite-7' },
  8: { version: '8.0.0', package: 'vite-8' },
  newest: { version: versionOf('vite'), package: 'vite' },
}

export const viteVersions: readonly ViteVersion[] = [5, 6, 7, 8, 'newest']

export function viteLane(name: ViteVersion): Lane {
  const { version, package: alias } = VERSIONS[name]
  return {
    label: `vite ${name}`,
    version,
    packages: { vite: alias, vitest: 'vitest' },
    probe: `import { version } from 'vite'\nconsole.log('measured ' + version)\n`,
  }
}

/** A Vite config, as text: what a user would write, plus the probe. */
export function viteConfig({
  options = '',
  build = '',
  rest = '',
  before = '',
  after = '',
  top = '',
}: {
  /** More options of the plugin. */
  options?: string
  /** The content of `build`. */
  build?: string
  /** More of the config. */
  rest?: string
  /** Plugins in front of ours, and behind. */
  before?: string
  after?: string
  /** Code above the config. */
  top?: string
} = {}): string {
  return `import './probe.mjs'
import { fwEvaluator } from '@fw/vite-plugin'
import { defineConfig } from 'vite'
${top}
export default defineConfig({
  plugins: [${before}
    fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID ?? '', evaluator: { entryPoint: false }, ${options.includes('include:') ? '' : "include: ['*.py', 'requirements.txt'], "}${options} }),
    ${after}],
  build: { ${build} },
  ${rest}
})
`
}

/** What every project has. */
export const SOURCES: Record<string, string> = {
  'package.json': '{ "name": "cell", "type": "module" }',
  'requirements.txt': 'eval-protocol\n',
  'entry.py': 'def evaluate(): ...\n',
  'src/index.js':
    "export const score = (text) => text.length\nexport const later = () => import('./later.js')\n",
  'src/later.js': 'export const more = 2\n',
}

/** An app: a page, a script, a public file. */
export const APP: Record<string, string> = {
  ...SOURCES,
  'index.html': '<!doctype html><script type="module" src="/src/main.js"></script>',
  'src/main.js': "import { score } from './index.js'\nconsole.log(score('abc'))\n",
  'public/rows.json': '[]\n',
}
