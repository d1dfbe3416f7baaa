import type { Cell } from './harness/cell.ts'
import { matrix } from './harness/matrix.ts'
import { rsbuildLane, rspackLane, webpackLane } from './harness/others.ts'
import { SOURCES } from './harness/vite.ts'

// One command is more than one compiler: lists of configs, and tools on top.

const run = [['node', 'build.mjs']]
const WRONG_KEY = { FIREWORKS_API_KEY: 'fw_wrong_key_0123456789' }

function cells(name: 'webpack' | 'rspack'): Cell[] {
  const script = (config: string) => ({
    ...SOURCES,
    'build.mjs': `import { resolve } from 'node:path'
import { fwEvaluator } from '@fw/evaluator-unplugin/${name}'
import { bundle } from './probe.mjs'
const ours = (more) => fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false }, ...more })
const make = (part, more, plugins = []) => ({
  mode: 'production', context: process.cwd(), entry: { [part]: './src/later.js' },
  output: { path: resolve('dist', part), filename: '[name].js' }, plugins: [...plugins, ours()], ...more,
})
bundle(${config}, (error, stats) => {
  console.log(String(error ?? ''), stats?.toString() ?? '')
  if (error || stats.hasErrors()) process.exitCode = 1
})
`,
  })
  return [
    {
      name: 'a list of configs, each with a plugin of its own: one upload',
      files: script("[make('client'), make('server')]"),
      run,
      uploads: 1,
      entries: ['client/client.js', 'requirements.txt', 'server/server.js'],
    },
    {
      name: 'never: one of such a list fails',
      files: script("[make('client'), make('server', { entry: './src/nowhere.js' })]"),
      run,
      uploads: 0,
      exit: 1,
    },
    {
      name: 'the folder has the hash of the compilation in its name',
      files: script("make('score', { output: { path: resolve('dist/[fullhash]'), filename: '[name].js' } })"),
      run,
      uploads: 1,
      entries: ['requirements.txt', 'score.js'],
    },
    {
      name: 'never: another plugin ends the process when all is written',
      files: script(
        "make('score', {}, [{ apply: (compiler) => compiler.hooks.done.tap('ends', () => process.exit(0)) }])",
      ),
      run,
      uploads: 0,
      exit: 1,
      prints: [/cell-\d+ was not uploaded: the process was ended before its build was through/],
    },
    {
      name: 'a list of configs that run one after the other: one upload',
      files: script("Object.assign([make('client'), make('server')], { parallelism: 1 })"),
      run,
      uploads: 1,
      entries: ['client/client.js', 'requirements.txt', 'server/server.js'],
    },
    {
      name: 'a compiler that was made and never runs is not waited for',
      files: script("(bundle(make('unused')), make('score'))"),
      run,
      uploads: 1,
      entries: ['requirements.txt', 'score.js'],
    },
    {
      name: 'another plugin removes a file when all is written: it is said, and the rest goes up',
      files: script(
        `make('score', { entry: { score: './src/later.js', gone: './src/later.js' } }, [{ apply: (compiler) => compiler.hooks.afterEmit.tap('removes', () => process.getBuiltinModule('node:fs').rmSync('dist/score/gone.js')) }])`,
      ),
      run,
      uploads: 1,
      entries: ['requirements.txt', 'score.js'],
      prints: [/gone\.js was written and then removed during the build/],
    },
    {
      name: "never: a framework's compiler, with the commands that do it right",
      files: script("make('score', {}, [new (class BuildManifestPlugin { apply() {} })()])"),
      run,
      uploads: 0,
      prints: [/Next works on after the bundler.*fw-evaluator upload \.next --exclude cache --id cell-/],
    },
  ]
}

const rsbuild = (options = '', more = "source: { entry: { score: './src/later.js' } }") => ({
  ...SOURCES,
  'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/evaluator-unplugin/rsbuild'
import { createRsbuild } from '@rsbuild/core'
const config = { root: process.cwd(), output: { target: 'node' }, ${more}, plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false }, include: ['*.py'], ${options} })] }
const { build } = await createRsbuild({ config })
const { close } = await build()
await close()
`,
})
const ofRsbuild: Cell[] = [
  {
    name: 'its own plugin: one upload, that is seen',
    files: rsbuild(),
    run,
    uploads: 1,
    entries: ['entry.py', 'requirements.txt', 'score.js'],
    prints: [/✓ cell-0 uploaded/],
  },
  {
    name: 'two environments: one upload, a folder each',
    files: rsbuild(
      '',
      "source: { entry: { score: './src/later.js' } }, environments: { a: { output: { target: 'node', distPath: { root: 'dist/a' } } }, b: { output: { target: 'node', distPath: { root: 'dist/b' } } } }",
    ),
    run,
    uploads: 1,
    entries: ['a/score.js', 'b/score.js', 'entry.py', 'requirements.txt'],
  },
  {
    name: 'a wrong key fails the build, and is seen',
    files: rsbuild(),
    run,
    env: WRONG_KEY,
    uploads: 0,
    exit: 1,
    prints: [/was not uploaded \(FW_AUTH\)/],
  },
  {
    name: "onError: 'warn' is seen, and so is a pattern that names nothing",
    files: rsbuild("onError: 'warn', exclude: ['nothing/**']"),
    run,
    env: WRONG_KEY,
    uploads: 0,
    prints: [/was not uploaded \(FW_AUTH\)/, /exclude names nothing/],
  },
  {
    name: 'never: an unresolved import',
    files: { ...rsbuild(), 'src/later.js': "import './nowhere.js'\n" },
    run,
    uploads: 0,
    exit: 1,
  },
  {
    name: 'a plugin for rspack in tools.rspack',
    files: {
      ...SOURCES,
      'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/evaluator-unplugin/rspack'
import { createRsbuild } from '@rsbuild/core'
const ours = fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })
const { build } = await createRsbuild({ config: { source: { entry: { score: './src/later.js' } }, output: { target: 'node' }, tools: { rspack: { plugins: [ours] } } } })
await (await build()).close()
`,
    },
    run,
    env: WRONG_KEY,
    uploads: 0,
    exit: 1,
    prints: [/was not uploaded \(FW_AUTH\)/],
  },
  { name: 'never: enabled: false', files: rsbuild('enabled: false'), run, uploads: 0 },
]

matrix(webpackLane, cells('webpack'))
matrix(rspackLane, cells('rspack'))
matrix(rsbuildLane, ofRsbuild)
