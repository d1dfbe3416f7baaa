import type { Cell } from './harness/cell.ts'
import { latestEsbuild, lowestEsbuild } from './harness/esbuild.ts'
import { type Lane, matrix } from './harness/matrix.ts'
import { rspackLane, webpackLane } from './harness/others.ts'
import { rolldownLane, rollupLane } from './harness/rollup.ts'
import { APP, viteLane, viteVersions } from './harness/vite.ts'

const SOURCES = {
  'package.json': '{ "name": "cell", "type": "module" }',
  'rows.jsonl': '{"messages":[{"role":"user","content":"say: a"}],"ground_truth":"a"}\n',
  'src/app.js': 'export const app = 1\n',
  'src/part.js': 'export const same = (a, b) => (a === b ? 1 : 0)\n',
  'src/score.js':
    "import { createHash } from 'node:crypto'\nimport { same } from './part.js'\nexport default (row) => same(createHash('md5').update(String(row.messages.at(-1).content)).digest('hex'), row.groundTruth)\n",
}
/** The scorer imports a package in CommonJS, which needs one of Node's. */
const WITH_PACKAGE = {
  'src/part.js': "import dep from 'dep'\nexport const same = dep.same\n",
  'node_modules/dep/package.json': '{ "name": "dep", "main": "index.js" }',
  'node_modules/dep/index.js':
    "const { isDeepStrictEqual } = require('util')\nexports.same = (a, b) => Number(isDeepStrictEqual(a, b))\n",
}
/** What the archive holds with the file that was built of the scorer. */
const archive = (index: number, scorer: string | RegExp = 'score.js') =>
  [
    'package.json',
    'requirements.txt',
    'rows.jsonl',
    scorer,
    'scorer_host.mjs',
    `test_cell_${index}.py`,
  ] as const

/** How a bundler is run, with or without entries. */
interface Way {
  lane: Lane
  run: string[]
  /** The config or script, by the entries that it names. */
  files(options: { entries?: string[]; plugin?: string; more?: string }): Record<string, string>
  /** Whether it finds packages, which then have to be inside of the bundle. */
  findsPackages: boolean
}

const plugin = (more = '') =>
  `fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, score: 'src/score.js', rows: 'rows.jsonl', ${more} })`

function cellsOf({ run, files, findsPackages }: Way): Cell[] {
  const cell = (name: string, rest: Omit<Cell, 'name' | 'run'>): Cell => ({ name, run: [run], ...rest })
  const both = ['src/app.js', 'src/score.js']
  const fails = (name: string, given: Record<string, string>, ...prints: RegExp[]) =>
    cell(name, { files: { ...SOURCES, ...given }, uploads: 0, exit: 1, prints })
  return [
    cell('the scorer among other entries is the evaluator', {
      files: { ...SOURCES, ...files({ entries: both }) },
      uploads: 1,
      prints: [/uploaded/],
    }),
    cell('a build that names no entry has the scorer as its only one', {
      files: { ...SOURCES, ...files({}), ...(findsPackages && WITH_PACKAGE) },
      uploads: 1,
      entries: archive(1),
    }),
    fails(
      'a scorer in no entry',
      files({ entries: ['src/app.js'] }),
      /src\/score\.js, which the option score names, is no entry/,
    ),
    fails('no dataset', files({ entries: both, plugin: "rows: 'missing.jsonl'" }), /missing\.jsonl/),
    fails(
      'a dataset that is no JSONL',
      { ...files({ entries: both }), 'rows.jsonl': '{}\n\n[{}]\n' },
      /Line 3 of rows\.jsonl is no JSON object/,
    ),
    fails(
      'no default export',
      { ...files({ entries: both }), 'src/score.js': 'export const score = () => 1\n' },
      /src\/score\.js can't be loaded.*no function as its default export/s,
    ),
    fails(
      'a wrong option',
      files({ entries: both, plugin: 'passedThreshold: 7' }),
      /passedThreshold must be a number from 0 to 1/,
    ),
    cell('a scorer that awaits at its top, and loads a part when it is there', {
      files: {
        ...SOURCES,
        ...files({}),
        'src/score.js':
          "const { same } = await import('./part.js')\nexport default (row) => same(row.groundTruth, 'a')\n",
      },
      uploads: 1,
    }),
  ]
}

for (const version of viteVersions) {
  const way: Way = {
    lane: viteLane(version),
    run: ['vite', 'build'],
    findsPackages: true,
    files: ({ entries, plugin: more, more: rest = '' }) => ({
      'vite.config.js': `import './probe.mjs'
import { fwEvaluator } from '@fw/vite-plugin'
export default {
  plugins: [${plugin(more)}],
  ${entries ? `build: { ssr: true, rollupOptions: { input: ${JSON.stringify(entries)} } },` : ''} ${rest}
}
`,
    }),
  }
  const own = way.files({})['vite.config.js'] ?? ''
  matrix(way.lane, [
    ...cellsOf(way),
    {
      name: 'entries of an app keep their exports',
      run: [['vite', 'build']],
      files: {
        ...SOURCES,
        'src/score.js': 'export default () => 1\n',
        ...way.files({ more: "build: { rollupOptions: { input: ['src/app.js', 'src/score.js'] } }" }),
      },
      uploads: 1,
    },
    {
      name: 'a config of its own in an app builds the scorer, and leaves what the app built',
      run: [
        ['vite', 'build', '--config', 'app.js'],
        ['vite', 'build', '--config', 'evaluator.vite.js'],
        [
          'node',
          '-e',
          "require('fs').readFileSync('dist/index.html'); console.log('measured ' + process.env.VITE_VERSION)",
        ],
      ],
      env: { VITE_VERSION: way.lane.version },
      files: { ...APP, ...SOURCES, 'app.js': 'export default {}\n', 'evaluator.vite.js': own },
      uploads: 1,
      entries: archive(9),
    },
    {
      name: 'the config of an app names an entry: its page',
      run: [['vite', 'build']],
      files: { ...APP, ...SOURCES, 'vite.config.js': own },
      uploads: 0,
      exit: 1,
      prints: [/src\/score\.js, which the option score names, is no entry/],
    },
    {
      name: 'what is not inside of the bundle is missing, and said',
      run: [['vite', 'build']],
      files: {
        ...SOURCES,
        ...way.files({
          entries: ['src/score.js'],
          more: "ssr: { external: ['nowhere'] }",
        }),
        'src/score.js': "import 'nowhere'\nexport default () => 1\n",
        'node_modules/nowhere/package.json': '{ "name": "nowhere", "main": "index.js" }',
        'node_modules/nowhere/index.js': '',
      },
      uploads: 0,
      exit: 1,
      prints: [/Cannot find package 'nowhere'/, /inside of the bundle/],
    },
    {
      name: 'without writing',
      run: [['vite', 'build']],
      files: {
        ...SOURCES,
        ...way.files({ entries: ['src/score.js'], more: '' }),
        'vite.config.js': own.replace('plugins:', 'build: { write: false }, plugins:'),
      },
      uploads: 1,
      entries: archive(12),
    },
  ])
}

for (const lane of [lowestEsbuild, latestEsbuild]) {
  matrix(
    lane,
    cellsOf({
      lane,
      run: ['node', 'build.mjs'],
      findsPackages: true,
      files: ({ entries, plugin: more }) => ({
        'build.mjs': `import './probe.mjs'
import { build } from 'esbuild'
import { fwEvaluator } from '@fw/esbuild-plugin'
await build({
  ${entries ? `entryPoints: ${JSON.stringify(entries)}, outdir: 'dist', bundle: true, platform: 'node', format: 'esm',` : ''}
  plugins: [${plugin(more)}],
})
`,
      }),
    }),
  )
}

for (const lane of [rollupLane, rolldownLane]) {
  const bundler = lane === rollupLane ? 'rollup' : 'rolldown'
  matrix(
    lane,
    cellsOf({
      lane,
      run: ['node', 'build.mjs'],
      findsPackages: lane === rolldownLane,
      files: ({ entries, plugin: more }) => ({
        'build.mjs': `import './probe.mjs'
import { ${bundler} } from '${bundler}'
import { fwEvaluator } from '@fw/evaluator-unplugin/${bundler}'
const bundle = await ${bundler}({ ${entries ? `input: ${JSON.stringify(entries)},` : ''} external: [/^node:/], plugins: [${plugin(more)}] })
await bundle.write({ dir: 'dist', format: 'es' })
await bundle.close()
`,
      }),
    }),
  )
}

for (const lane of [webpackLane, rspackLane]) {
  const face = lane === webpackLane ? 'webpack' : 'rspack'
  matrix(
    lane,
    cellsOf({
      lane,
      run: ['node', 'build.mjs'],
      findsPackages: true,
      files: ({ entries, plugin: more }) => ({
        'build.mjs': `import { bundle } from './probe.mjs'
import { fwEvaluator } from '@fw/evaluator-unplugin/${face}'
const entry = ${JSON.stringify(entries && Object.fromEntries(entries.map((path) => [path.slice(4, -3), `./${path}`])))}
bundle({
  mode: 'production',
  ...(entry && { entry, target: 'node', output: { library: { type: 'commonjs2' } } }),
  plugins: [${plugin(more)}],
}, (error, stats) => {
  for (const one of error ? [error] : (stats.compilation.errors ?? [])) {
    console.error(one.message)
    process.exitCode = 1
  }
})
`,
      }),
    }),
  )
}
