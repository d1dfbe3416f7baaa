import type { Cell } from './harness/cell.ts'
import { matrix } from './harness/matrix.ts'
import { rolldownLane, rollupLane } from './harness/rollup.ts'
import { SOURCES } from './harness/vite.ts'

function cells(name: 'rollup' | 'rolldown'): Cell[] {
  const config = (options = '', rest = "output: { dir: 'dist', format: 'es' }") => ({
    ...SOURCES,
    [`${name}.config.mjs`]: `import './probe.mjs'
import { fwEvaluator } from '@fw/evaluator-unplugin/${name}'
export default {
  input: 'src/index.js',
  plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false }, include: ['*.py', 'requirements.txt'], ${options} })],
  ${rest},
}
`,
  })
  const build = [[name, '-c', `${name}.config.mjs`]]
  const LATER = /^later-.*\.js$/
  return [
    {
      name: 'plain; what lies in the folder from an earlier build is not in the archive',
      files: { ...config(), 'dist/old.js': 'old' },
      run: build,
      uploads: 1,
      entries: ['entry.py', 'index.js', LATER, 'requirements.txt'],
      prints: [/✓ cell-0 uploaded/],
    },
    {
      name: 'two outputs in two folders: one archive, a folder each',
      files: config(
        '',
        "output: [{ dir: 'out/esm', format: 'es' }, { dir: 'out/cjs', format: 'cjs', sourcemap: true }]",
      ),
      run: build,
      uploads: 1,
      entries: [
        'cjs/index.js',
        /^cjs\/later-.*\.js$/,
        'entry.py',
        'esm/index.js',
        /^esm\/later-.*\.js$/,
        'requirements.txt',
      ],
    },
    {
      name: 'output.file, and a plugin that copies in buildEnd',
      files: {
        ...SOURCES,
        [`${name}.config.mjs`]: `import './probe.mjs'
import { fwEvaluator } from '@fw/evaluator-unplugin/${name}'
import { mkdirSync, writeFileSync } from 'node:fs'
export default {
  input: 'src/later.js',
  plugins: [
    fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } }),
    { name: 'copy', buildEnd() { mkdirSync('dist', { recursive: true }); writeFileSync('dist/copied.txt', '') } },
  ],
  output: { file: 'dist/scorer.js', format: 'es' },
}
`,
      },
      run: build,
      uploads: 1,
      entries: ['copied.txt', 'requirements.txt', 'scorer.js'],
    },
    {
      name: 'generate() from a script, nothing on disk',
      files: {
        ...SOURCES,
        'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/evaluator-unplugin/${name}'
import { ${name} as bundle } from '${name}'
const built = await bundle({ input: 'src/index.js', plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })], onLog() {} })
await built.generate({ dir: 'dist', format: 'es' })
await built.close()
`,
      },
      run: [['node', 'build.mjs']],
      uploads: 1,
      entries: ['index.js', LATER, 'requirements.txt'],
    },
    {
      name: 'never: syntax error',
      files: { ...config(), 'src/index.js': 'syntax (' },
      run: build,
      uploads: 0,
      exit: 1,
    },
    {
      name: 'never: unresolved import',
      files: { ...config(), 'src/index.js': "import './nowhere.js'" },
      run: build,
      uploads: 0,
      exit: 1,
    },
    {
      name: 'never: watch, said once',
      files: config(),
      run: [[name, '-c', `${name}.config.mjs`, '--watch']],
      uploads: 0,
      drive: async ({ printed, edit }) => {
        await printed(/created|Rebuilt|Finished|waiting/i)
        await edit(
          'src/index.js',
          'export const score = 2',
          printed(/(created|rebuilt|finished)[\s\S]*(created|rebuilt|finished)/i),
        )
      },
      prints: [/nothing is uploaded in watch mode/],
      printsNot: [/watch mode[\s\S]*watch mode/],
    },
    {
      name: 'watch: true',
      files: config('watch: true'),
      run: [[name, '-c', `${name}.config.mjs`, '--watch']],
      uploads: 2,
      drive: async ({ uploaded, edit }) => {
        await uploaded(1)
        await edit('src/index.js', 'export const score = 2', uploaded(2))
      },
      entries: ['entry.py', 'index.js', 'requirements.txt'],
    },
    {
      name: 'watch: true; a failed upload does not end the watcher',
      files: config("watch: true, baseUrl: 'http://127.0.0.1:9', retry: { attempts: 1 }"),
      run: [[name, '-c', `${name}.config.mjs`, '--watch']],
      uploads: 0,
      drive: async ({ printed, edit }) => {
        await printed(/was not uploaded/)
        await edit(
          'src/index.js',
          'export const score = 2',
          printed(/was not uploaded[\s\S]*was not uploaded/),
        )
      },
    },
    {
      name: 'a wrong key is the failure of the build',
      files: config(),
      run: build,
      env: { FIREWORKS_API_KEY: 'fw_wrong_key_0123456789' },
      uploads: 0,
      exit: 1,
      prints: [/was not uploaded \(FW_AUTH\)/, /Check the API key/],
    },
    { name: 'never: enabled: false', files: config('enabled: false'), run: build, uploads: 0 },
    {
      name: 'never: two plugins for one evaluator, an error before the build',
      files: {
        ...SOURCES,
        [`${name}.config.mjs`]: `import './probe.mjs'
import { fwEvaluator } from '@fw/evaluator-unplugin/${name}'
const twin = () => fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })
export default { input: 'src/index.js', plugins: [twin(), [twin()]], output: { dir: 'dist' } }
`,
      },
      run: build,
      uploads: 0,
      exit: 1,
      prints: [/named by two plugins/],
    },
  ]
}

matrix(rollupLane, cells('rollup'))
matrix(rolldownLane, cells('rolldown'))
