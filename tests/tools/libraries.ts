import { config, ESBUILD, MODULE, ROLLDOWN, ROLLUP, RSBUILD, SCORE, type Tool, VITE } from './tool.ts'

/** Tools whose output is what their bundler wrote. */
export const libraries: readonly Tool[] = [
  {
    name: 'tsup',
    files: {
      ...SCORE,
      'tsup.config.ts': config(
        ESBUILD,
        "export default { entry: ['src/score.ts'], format: ['esm', 'cjs'], dts: true, esbuildPlugins: [fwEvaluator(OURS)] }",
      ),
    },
    build: ['tsup'],
    entries: ['score.cjs', 'score.js'],
  },
  {
    name: 'tsdown',
    files: {
      ...SCORE,
      'tsdown.config.ts': config(
        ROLLDOWN,
        "export default { entry: 'src/score.ts', format: ['esm', 'cjs'], dts: true, plugins: [fwEvaluator(OURS)] }",
      ),
    },
    build: ['tsdown'],
    entries: ['score.cjs', 'score.d.cts', 'score.d.mts', 'score.mjs'],
  },
  {
    name: 'tsdown, workspace',
    files: {
      'package.json': MODULE,
      'packages/alpha/package.json': MODULE,
      'packages/alpha/src/index.ts': 'export const alpha = 1\n',
      'packages/beta/package.json': MODULE,
      'packages/beta/src/index.ts': 'export const beta = 2\n',
      'tsdown.config.ts': config(
        ROLLDOWN,
        "export default { workspace: 'packages/*', entry: 'src/index.ts', dts: false, plugins: [fwEvaluator(OURS)] }",
      ),
    },
    build: ['tsdown'],
    entries: [/^alpha\/dist\/index\.m?js$/, /^beta\/dist\/index\.m?js$/],
  },
  {
    // It never closes the bundle, so that nobody can tell when all is written.
    name: 'unbuild',
    files: {
      ...SCORE,
      'build.config.mjs': config(
        ROLLUP,
        "export default { entries: ['src/score'], hooks: { 'rollup:options'(_, options) { options.plugins.push(fwEvaluator(OURS)) } } }",
      ),
    },
    build: ['unbuild'],
    uploads: 0,
    exit: 1,
    prints: /was not uploaded: its build was never closed/,
  },
  {
    name: 'obuild',
    files: {
      ...SCORE,
      'build.config.mjs': config(
        ROLLDOWN,
        "export default { entries: [{ type: 'bundle', input: './src/score.ts', dts: false, rolldown: { plugins: [fwEvaluator(OURS)] } }] }",
      ),
    },
    build: ['obuild'],
    entries: ['score.mjs'],
  },
  {
    name: 'Rsbuild',
    files: {
      ...SCORE,
      'rsbuild.config.mjs': config(
        RSBUILD,
        "export default { source: { entry: { score: './src/score.ts' } }, output: { target: 'node' }, plugins: [fwEvaluator(OURS)] }",
      ),
    },
    build: ['rsbuild', 'build'],
    entries: ['score.js'],
  },
  {
    name: 'Rsbuild, two environments',
    files: {
      ...SCORE,
      'rsbuild.config.mjs': config(
        RSBUILD,
        `const of = (target) => ({ source: { entry: { score: './src/score.ts' } }, output: { target, distPath: { root: 'dist/' + target } } })
export default { environments: { web: of('web'), node: of('node') }, plugins: [fwEvaluator(OURS)] }`,
      ),
    },
    build: ['rsbuild', 'build'],
    entries: ['node/score.js', 'web/score.html'],
  },
  {
    name: 'Rslib',
    files: {
      ...SCORE,
      'rslib.config.mjs': config(
        RSBUILD,
        "export default { lib: [{ format: 'esm' }, { format: 'cjs' }], source: { entry: { score: './src/score.ts' } }, plugins: [fwEvaluator(OURS)] }",
      ),
    },
    build: ['rslib', 'build'],
    entries: ['score.cjs', 'score.js'],
  },
  {
    name: 'Vitest',
    files: {
      ...SCORE,
      'vite.config.mjs': config(
        VITE,
        "export default { build: { lib: { entry: 'src/score.ts', formats: ['es'] } }, plugins: [fwEvaluator(OURS)] }",
      ),
      'src/score.test.ts': `import { expect, test } from 'vitest'
import { build } from 'vite'
import { score } from './score.ts'
test('score', () => expect(score({ answer: 'abc' })).toBe(3))
test('a build in a test', async () => { await build({ build: { write: false } }) })
`,
    },
    build: ['vitest', 'run'],
    isNotShipping: true,
    prints: /Vitest runs this build/,
  },
  {
    name: 'Storybook',
    files: {
      ...SCORE,
      'vite.config.mjs': config(VITE, 'export default { plugins: [fwEvaluator(OURS)] }'),
      '.storybook/main.js':
        "export default { stories: ['../src/*.stories.js'], framework: '@storybook/html-vite', core: { disableTelemetry: true } }\n",
      'src/one.stories.js':
        "export default { title: 'One' }\nexport const First = { render: () => '<b>first</b>' }\n",
    },
    build: ['storybook', 'build', '--quiet', '--disable-telemetry'],
    isNotShipping: true,
    prints: /Storybook builds pages of its own/,
  },
]
