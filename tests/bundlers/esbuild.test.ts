import type { Cell } from './harness/cell.ts'
import { esbuildScript, latestEsbuild, lowestEsbuild } from './harness/esbuild.ts'
import { matrix } from './harness/matrix.ts'
import { SOURCES } from './harness/vite.ts'

const script = (parts: Parameters<typeof esbuildScript>[0] = {}) => ({
  ...SOURCES,
  'build.mjs': esbuildScript(parts),
})
const run = [['node', 'build.mjs']]
const INCLUDED = ['entry.py', 'requirements.txt'] as const
const WRONG_KEY = { FIREWORKS_API_KEY: 'fw_wrong_key_0123456789' }
const watching = {
  build: "outdir: 'dist', logLevel: 'info'",
  run: 'const watching = await context(options)\nawait watching.watch()\nconsole.log("watching")\nsetInterval(() => {}, 1000)',
}

const good: Cell[] = [
  {
    name: 'outdir; what lies in the folder from an earlier build is not in the archive',
    files: { ...script(), 'dist/old.js': 'old' },
    run,
    uploads: 1,
    entries: [INCLUDED[0], 'index.js', INCLUDED[1]],
    prints: [/ {2}✓ cell-0 uploaded.*3 files/],
  },
  {
    name: 'outfile',
    files: script({ build: "outfile: 'dist/scorer.js', sourcemap: true" }),
    run,
    uploads: 1,
    entries: [INCLUDED[0], INCLUDED[1], 'scorer.js'],
  },
  {
    name: 'write: false, with outdir',
    files: script({ build: "outdir: 'dist', write: false" }),
    run,
    uploads: 1,
    entries: [INCLUDED[0], 'index.js', INCLUDED[1]],
  },
  {
    name: 'write: false, without outdir or outfile: named after the entry',
    files: script({ build: 'write: false' }),
    run,
    uploads: 1,
    entries: [INCLUDED[0], 'index.js', INCLUDED[1]],
  },
  {
    name: 'splitting, with source maps when asked for',
    files: script({ build: "outdir: 'dist', splitting: true, sourcemap: true", options: 'sourceMaps: true' }),
    run,
    uploads: 1,
    entries: [INCLUDED[0], 'index.js', 'index.js.map', /^later-.*\.js$/, /^later-.*\.js\.map$/, INCLUDED[1]],
  },
  {
    name: 'absWorkingDir is the root',
    files: {
      ...script({ build: "outdir: 'out', absWorkingDir: process.cwd() + '/inner'" }),
      'inner/src/index.js': 'export const inner = 1',
      'inner/requirements.txt': 'inner',
    },
    run,
    uploads: 1,
    entries: ['index.js', 'requirements.txt'],
  },
  {
    name: 'context + rebuild: the first build only, said once',
    files: script({
      run: 'const c = await context(options)\nawait c.rebuild()\nawait c.rebuild()\nawait c.rebuild()\nawait c.dispose()',
    }),
    run,
    uploads: 1,
    prints: [/nothing is uploaded in watch mode/],
    printsNot: [/watch mode[\s\S]*watch mode/],
  },
  {
    name: 'context + rebuild, watch: true',
    files: script({
      options: 'watch: true, skipUnchanged: false',
      run: 'const c = await context(options)\nawait c.rebuild()\nawait c.rebuild()\nawait c.dispose()',
    }),
    run,
    uploads: 2,
  },
  {
    name: 'watch: the first build only',
    files: script(watching),
    run,
    uploads: 1,
    drive: async ({ uploaded, printed, edit }) => {
      await uploaded(1)
      await edit('src/index.js', 'export const score = 2', printed(/nothing is uploaded in watch mode/))
    },
  },
  {
    name: 'watch: true; an upload for each good rebuild, none for a bad one',
    files: script({ ...watching, options: 'watch: true' }),
    run,
    uploads: 2,
    drive: async ({ uploaded, printed, edit }) => {
      await uploaded(1)
      await edit('src/index.js', 'syntax (', printed(/ERROR/))
      await edit('src/index.js', 'export const score = 2', uploaded(2))
    },
  },
  {
    name: 'serve: the first build only',
    files: script({
      run: `const c = await context(options)
const { port } = await c.serve({ port: 0 })
const get = (path) => fetch('http://127.0.0.1:' + port + path).then((answer) => answer.text())
await get('/index.js')
await get('/index.js')
await c.dispose()`,
    }),
    run,
    uploads: 1,
  },
  {
    name: 'the plugin in two builds of one process: an upload each',
    files: script({
      options: 'skipUnchanged: false',
      run: "await build(options)\nawait build({ ...options, outdir: 'dist/second' })",
    }),
    run,
    uploads: 2,
  },
  {
    name: 'two builds of one plugin at once: one archive, a folder each',
    files: script({
      run: "await Promise.all([build({ ...options, outdir: 'dist/esm' }), build({ ...options, outdir: 'dist/cjs', format: 'cjs' })])",
    }),
    run,
    uploads: 1,
    entries: ['cjs/index.js', INCLUDED[0], 'esm/index.js', INCLUDED[1]],
  },
  {
    name: 'two evaluators out of one build',
    files: script({
      after:
        "fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID + '-b', evaluator: { entryPoint: false } })",
    }),
    run,
    uploads: 1,
    others: { '-b': 1 },
  },
  {
    name: 'from CommonJS',
    files: {
      ...SOURCES,
      'build.cjs': `const { build, version } = require('esbuild')
const { fwEvaluator, default: same } = require('@fw/esbuild-plugin')
if (fwEvaluator !== same) throw new Error('two functions')
console.log('measured ' + version)
build({ entryPoints: ['src/index.js'], bundle: true, outdir: 'dist', plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })] })
`,
    },
    run: [['node', 'build.cjs']],
    uploads: 1,
  },
]

const never: Cell[] = [
  {
    name: 'never: syntax error',
    files: { ...script(), 'src/index.js': 'syntax (' },
    run,
    uploads: 0,
    exit: 1,
  },
  {
    name: 'never: unresolved import',
    files: { ...script(), 'src/index.js': "import './nowhere.js'" },
    run,
    uploads: 0,
    exit: 1,
  },
  ...(['onStart', 'onResolve', 'onLoad', 'onEnd'] as const).flatMap((hook) =>
    (['before', 'after'] as const).map(
      (place): Cell => ({
        name: `never: a plugin ${place} ours fails in ${hook}`,
        files: script({
          [place]: `{ name: 'other', setup: (build) => build.${hook}(${hook === 'onResolve' || hook === 'onLoad' ? '{ filter: /./ }, ' : ''}async () => {
            await new Promise((resolve) => setTimeout(resolve, 30))
            throw new Error('on purpose')
          }) },`,
        }),
        run,
        uploads: 0,
        exit: 1,
      }),
    ),
  ),
  {
    name: 'never: a plugin behind ours returns errors from onEnd at the second build of two',
    files: script({
      options: 'skipUnchanged: false',
      after: `{ name: 'other', setup(build) { let n = 0; build.onEnd(() => ++globalThis.ends === 2 ? { errors: [{ text: 'on purpose' }] } : undefined) } },`,
      top: 'globalThis.ends = 0',
      run: 'await build(options)\nawait build(options)',
    }),
    run,
    uploads: 1,
    exit: 1,
  },
  {
    name: 'never: one of two builds at once fails',
    files: script({
      run: "await Promise.all([build(options), build({ ...options, entryPoints: ['nowhere.js'] })])",
    }),
    run,
    uploads: 0,
    exit: 1,
  },
  { name: 'never: enabled: false', files: script({ options: 'enabled: false' }), run, uploads: 0 },
  {
    name: 'never: FW_EVALUATOR_UPLOAD=0',
    files: script(),
    run,
    env: { FW_EVALUATOR_UPLOAD: '0' },
    uploads: 0,
  },
  {
    name: 'never: two plugins for one evaluator, an error before the build',
    files: script({
      after: 'fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })',
    }),
    run,
    uploads: 0,
    exit: 1,
    prints: [/named by two plugins/],
  },
]

const failing: Cell[] = [
  {
    name: 'a wrong key fails the build through { errors } with text, notes and pluginName',
    files: script({
      run: `try {
  await build(options)
} catch ({ errors: [{ text, notes, pluginName }] }) {
  console.log(JSON.stringify({ text, notes: notes.map((note) => note.text), pluginName }))
  process.exitCode = 3
}`,
    }),
    run,
    env: WRONG_KEY,
    uploads: 0,
    exit: 3,
    prints: [
      /✘ \[ERROR\].*was not uploaded \(FW_AUTH\)/,
      /\{"text":"cell-\d+ was not uploaded \(FW_AUTH\).*"notes":\["Check the API key.*"pluginName":"fw-evaluator:cell-/,
    ],
    printsNot: [/fw_wrong_key/],
  },
  {
    name: "onError: 'warn'",
    files: script({
      options: "onError: 'warn'",
      run: 'const { warnings } = await build(options)\nconsole.log(warnings.length)',
    }),
    run,
    env: WRONG_KEY,
    uploads: 0,
    prints: [/\[WARNING\].*FW_AUTH/, /^1$/m],
  },
  {
    name: "logLevel: 'silent'",
    files: script({
      build: "outdir: 'dist', logLevel: 'silent'",
      run: 'await build(options).catch(() => {})',
    }),
    run,
    env: WRONG_KEY,
    uploads: 0,
    printsNot: [/FW_AUTH/],
  },
]

const tsup = (format: string): Cell['files'] => ({
  ...SOURCES,
  'tsup.config.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/esbuild-plugin'
export default { entry: ['src/index.js'], format: ${format}, clean: true, esbuildPlugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })] }
`,
})
const onTop: Cell[] = [
  {
    name: 'tsup',
    files: tsup("['esm']"),
    run: [['tsup']],
    uploads: 1,
    entries: ['index.js', /^later-/, 'requirements.txt'],
  },
  { name: 'tsup with two formats: one upload', files: tsup("['esm', 'cjs']"), run: [['tsup']], uploads: 1 },
]

matrix(lowestEsbuild, [...good, ...never, ...failing])
matrix(latestEsbuild, [...good, ...never, ...failing, ...onTop])
