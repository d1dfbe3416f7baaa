import type { Cell } from './harness/cell.ts'
import { matrix } from './harness/matrix.ts'
import { rspackLane, webpackLane } from './harness/others.ts'
import { SOURCES } from './harness/vite.ts'

type Parts = { options?: string; plugins?: string; mode?: string; config?: string; run?: string }

function cells(name: 'webpack' | 'rspack'): Cell[] {
  /** A script, as both have an API and only one its command line here. */
  const script = ({
    options = '',
    plugins = '',
    mode = 'production',
    config = 'config',
    run = 'bundle(CONFIG, done)',
  }: Parts = {}) => ({
    ...SOURCES,
    'build.mjs': `import { resolve } from 'node:path'
import { fwEvaluator } from '@fw/evaluator-unplugin/${name}'
import { bundle } from './probe.mjs'
const ours = () => fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false }, include: ['*.py', 'requirements.txt'], ${options} })
const one = ours()
const config = {
  mode: '${mode}', entry: './src/index.js', target: 'node', context: process.cwd(),
  output: { path: resolve('dist'), library: { type: 'commonjs2' }, chunkFilename: 'later-[contenthash].js' },
  plugins: [one, ${plugins}],
}
const done = (error, stats) => {
  if (error) console.error(String(error))
  console.log(stats?.toString())
  console.log('compiled')
  if (error || stats.hasErrors()) process.exitCode = 1
}
${run.replace('CONFIG', config)}
`,
  })
  const run = [['node', 'build.mjs']]
  const LATER = /^later-.*\.js$/
  const entries = ['entry.py', LATER, 'main.js', 'requirements.txt']
  const watch = `const watching = bundle({ ...config, infrastructureLogging: { level: 'info' } }).watch({}, done)`
  const fails = (hook: string, body = "throw new Error('on purpose')") =>
    `{ apply: (compiler) => compiler.hooks.${hook}('other', async () => { await new Promise((resolve) => setTimeout(resolve, 30)); ${body} }) },`
  /** As webpack-dev-middleware does it: another file system than the disk's. */
  const elsewhere = (then: string) =>
    `const compiler = bundle({ ...config, infrastructureLogging: { level: 'info' } })
compiler.outputFileSystem = { ...(await import('node:fs')) }
${then}`
  return [
    {
      name: 'output that is written elsewhere than to the disk',
      files: script({ run: elsewhere('compiler.run(done)') }),
      run,
      uploads: 1,
      entries,
    },
    {
      name: 'never: a dev server, even with watch: true',
      files: script({ options: 'watch: true', run: elsewhere('compiler.watch({}, done)') }),
      run,
      uploads: 0,
      drive: async ({ printed, edit }) => {
        await printed(/compiled$/m)
        await edit('src/index.js', 'export const score = 2', printed(/^compiled$[\s\S]*^compiled$/m))
      },
    },
    {
      name: 'production; what lies in the folder from an earlier build is not in the archive',
      files: { ...script(), 'dist/old.js': 'old' },
      run,
      uploads: 1,
      entries,
      prints: [/✓ cell-\d uploaded/],
    },
    {
      name: 'production, again: what is not emitted anew is in the archive too',
      files: script({ options: 'skipUnchanged: false' }),
      run: [...run, ...run],
      uploads: 2,
      entries,
    },
    { name: 'development', files: script({ mode: 'development' }), run, uploads: 1, entries },
    {
      name: 'multi-compiler with one plugin: one archive, a folder each',
      files: script({
        config:
          "[{ ...config, output: { ...config.output, path: resolve('dist/a') } }, { ...config, output: { ...config.output, path: resolve('dist/b') } }]",
      }),
      run,
      uploads: 1,
      entries: [/^a\/later-/, 'a/main.js', /^b\/later-/, 'b/main.js', 'entry.py', 'requirements.txt'],
    },
    {
      name: 'multi-compiler, one after the other',
      files: script({
        config:
          "[{ ...config, name: 'a', dependencies: ['b'], output: { ...config.output, path: resolve('dist/a') } }, { ...config, name: 'b', output: { ...config.output, path: resolve('dist/b') } }]",
      }),
      run,
      uploads: 1,
      entries: [/^a\/later-/, 'a/main.js', /^b\/later-/, 'b/main.js', 'entry.py', 'requirements.txt'],
    },
    {
      name: 'another plugin adds an asset late',
      files: script({
        plugins: `{ apply: (compiler) => compiler.hooks.thisCompilation.tap('late', (compilation) => compilation.hooks.processAssets.tap({ name: 'late', stage: 5000 }, () => compilation.emitAsset('late.txt', new compiler.webpack.sources.RawSource('late')))) },`,
      }),
      run,
      uploads: 1,
      entries: ['entry.py', 'late.txt', LATER, 'main.js', 'requirements.txt'],
    },
    {
      name: 'two evaluators out of one build',
      files: script({
        plugins:
          "fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID + '-b', evaluator: { entryPoint: false } }),",
      }),
      run,
      uploads: 1,
      others: { '-b': 1 },
    },
    {
      name: 'watch: true uploads each good rebuild',
      files: script({ options: 'watch: true', run: watch }),
      run,
      uploads: 2,
      drive: async ({ uploaded, edit, printed }) => {
        await uploaded(1)
        await edit('src/index.js', 'syntax (', printed(/ERROR/))
        await edit('src/index.js', 'export const score = 2', uploaded(2))
      },
      entries: ['entry.py', 'main.js', 'requirements.txt'],
    },
    ...(['production', 'development'] as const).flatMap((mode): Cell[] => [
      {
        name: `never: syntax error, ${mode}`,
        files: { ...script({ mode }), 'src/index.js': 'syntax (' },
        run,
        uploads: 0,
        exit: 1,
      },
      {
        name: `never: unresolved import, ${mode}`,
        files: { ...script({ mode }), 'src/index.js': "import './nowhere.js'" },
        run,
        uploads: 0,
        exit: 1,
      },
    ]),
    {
      name: 'never: one of two compilers fails',
      files: script({ config: "[config, { ...config, entry: './nowhere.js' }]" }),
      run,
      uploads: 0,
      exit: 1,
    },
    ...[
      'beforeRun.tapPromise',
      'make.tapPromise',
      'emit.tapPromise',
      'afterEmit.tapPromise',
      'done.tapPromise',
    ].map(
      (hook): Cell => ({
        name: `never: another plugin fails in ${hook.replace('.tapPromise', '')}`,
        files: script({ plugins: fails(hook) }),
        run,
        uploads: 0,
        exit: 1,
      }),
    ),
    {
      name: 'never: a type check that adds errors in the end',
      files: script({
        plugins: `{ apply: (compiler) => compiler.hooks.done.tapPromise({ name: 'check', stage: 1000 }, async (stats) => { stats.compilation.errors.push(new Error('type error')) }) },`,
      }),
      run,
      uploads: 0,
      exit: 1,
    },
    {
      name: 'never: watch, said once',
      files: script({ run: watch }),
      run,
      uploads: 0,
      drive: async ({ printed, edit }) => {
        await printed(/compiled$/m)
        await edit('src/index.js', 'export const score = 2', printed(/^compiled$[\s\S]*^compiled$/m))
      },
      prints: [/nothing is uploaded in watch mode/],
      printsNot: [/watch mode[\s\S]*watch mode/],
    },
    {
      name: 'a wrong key is thrown in the hook, which whoever runs the compiler hears of',
      files: script(),
      run,
      env: { FIREWORKS_API_KEY: 'fw_wrong_key_0123456789' },
      uploads: 0,
      exit: 1,
      prints: [/was not uploaded \(FW_AUTH\)/, /Check the API key/],
    },
    { name: 'never: enabled: false', files: script({ options: 'enabled: false' }), run, uploads: 0 },
    {
      name: 'never: two plugins for one evaluator, an error before the build',
      files: script({ plugins: 'ours(),' }),
      run,
      uploads: 0,
      exit: 1,
      prints: [/named by two plugins/],
    },
  ]
}

matrix(webpackLane, [
  ...cells('webpack'),
  {
    name: 'webpack-cli, with a config in CommonJS',
    files: {
      ...SOURCES,
      'webpack.config.cjs': `const { fwEvaluator } = require('@fw/evaluator-unplugin/webpack')
console.log('measured ' + require('webpack').version)
module.exports = { mode: 'production', entry: './src/later.js', plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })] }
`,
    },
    run: [['webpack-cli', '--config', 'webpack.config.cjs']],
    uploads: 1,
    entries: ['main.js', 'requirements.txt'],
  },
])
matrix(rspackLane, cells('rspack'))
