import type { Cell } from './harness/cell.ts'
import { matrix } from './harness/matrix.ts'
import { bunLane, farmLane } from './harness/others.ts'
import { SOURCES } from './harness/vite.ts'

const WRONG_KEY = { FIREWORKS_API_KEY: 'fw_wrong_key_0123456789' }
const run = [['node', 'build.mjs']]

const farm = (options = '', call = 'build') => ({
  ...SOURCES,
  'build.mjs': `import './probe.mjs'
import * as farm from '@farmfe/core'
import { fwEvaluator } from '@fw/evaluator-unplugin/farm'
await farm.${call}({
  root: process.cwd(), configFile: false,
  compilation: { input: { index: './src/later.js' }, output: { path: 'dist', targetEnv: 'node' }, persistentCache: false },
  plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false }, include: ['*.py', 'requirements.txt'], ${options} })],
})
`,
})
const sideBySide = (other: string) => ({
  ...SOURCES,
  'build.mjs': `import './probe.mjs'
import { build } from '@farmfe/core'
import { fwEvaluator } from '@fw/evaluator-unplugin/farm'
const start = (path, index) => build({
  root: process.cwd(), configFile: false,
  compilation: { input: { index }, output: { path, targetEnv: 'node' }, persistentCache: false },
  plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })],
})
await Promise.all([start('dist/a', './src/later.js'), start('dist/b', '${other}')])
`,
})
const ENTRIES = ['entry.py', 'index.js', 'requirements.txt']

matrix(farmLane, [
  {
    name: 'plain',
    files: { ...farm(), 'dist/old.js': 'old' },
    run,
    uploads: 1,
    entries: ENTRIES,
    prints: [/✓ cell-0 uploaded/],
  },
  { name: 'never: syntax error', files: { ...farm(), 'src/later.js': 'syntax (' }, run, uploads: 0, exit: 1 },
  {
    name: 'never: unresolved import',
    files: { ...farm(), 'src/later.js': "import './nowhere.js'" },
    run,
    uploads: 0,
    exit: 1,
  },
  {
    name: 'never: watch, said once',
    files: farm('', 'watch'),
    run,
    uploads: 0,
    drive: async ({ printed, edit }) => {
      await printed(/Build completed/)
      await edit('src/later.js', 'export const more = 3', printed(/Build completed[\s\S]*Build completed/))
    },
    prints: [/nothing is uploaded in watch mode/],
    printsNot: [/watch mode[\s\S]*watch mode/],
  },
  {
    name: 'watch: true',
    files: farm('watch: true', 'watch'),
    run,
    uploads: 2,
    drive: async ({ uploaded, edit }) => {
      await uploaded(1)
      await edit('src/later.js', 'export const more = 3', uploaded(2))
    },
    entries: ENTRIES,
  },
  {
    name: 'a wrong key fails the process',
    files: farm(),
    run,
    env: WRONG_KEY,
    uploads: 0,
    exit: 1,
    prints: [/FW_AUTH/],
  },
  { name: 'never: enabled: false', files: farm('enabled: false'), run, uploads: 0 },
  {
    name: 'two builds side by side: one upload',
    files: sideBySide('./src/later.js'),
    run,
    uploads: 1,
    entries: ['a/index.js', 'b/index.js', 'requirements.txt'],
  },
  {
    name: 'never: one of two builds side by side fails',
    files: sideBySide('./src/nowhere.js'),
    run,
    uploads: 0,
    exit: 1,
  },
])

const bun = (options = '', build = "outdir: 'dist'") => ({
  ...SOURCES,
  'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/evaluator-unplugin/bun'
await Bun.build({
  entrypoints: ['src/index.js'], ${build},
  plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false }, include: ['*.py', 'requirements.txt'], ${options} })],
})
`,
})
const bunCells: Cell[] = [
  {
    name: 'plain',
    files: { ...bun(), 'dist/old.js': 'old' },
    run,
    uploads: 1,
    entries: ENTRIES,
    prints: [/✓ cell-0 uploaded/],
  },
  {
    name: 'without outdir, from memory',
    files: bun('', "sourcemap: 'external'"),
    run,
    uploads: 1,
    entries: ENTRIES,
  },
  { name: 'never: syntax error', files: { ...bun(), 'src/index.js': 'syntax (' }, run, uploads: 0, exit: 1 },
  {
    name: 'never: unresolved import',
    files: { ...bun(), 'src/index.js': "import './nowhere.js'" },
    run,
    uploads: 0,
    exit: 1,
  },
  {
    name: 'a wrong key fails the build',
    files: bun(),
    run,
    env: WRONG_KEY,
    uploads: 0,
    exit: 1,
    prints: [/FW_AUTH/],
  },
  { name: 'never: enabled: false', files: bun('enabled: false'), run, uploads: 0 },
  {
    name: 'two builds side by side: one upload',
    files: {
      ...SOURCES,
      'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/evaluator-unplugin/bun'
const start = (outdir) => Bun.build({ entrypoints: ['src/later.js'], outdir, plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })] })
await Promise.all([start('dist/a'), start('dist/b')])
`,
    },
    run,
    uploads: 1,
    entries: ['a/later.js', 'b/later.js', 'requirements.txt'],
  },
  ...['before', 'after'].map((where): Cell => {
    const ends = "{ name: 'ends', setup: (build) => build.onEnd(() => process.exit(0)) }"
    const ours = 'fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })'
    return {
      name: `never: the process is ended by another plugin ${where} ours`,
      files: {
        ...SOURCES,
        'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/evaluator-unplugin/bun'
await Bun.build({ entrypoints: ['src/later.js'], outdir: 'dist', plugins: [${where === 'before' ? [ends, ours] : [ours, ends]}] })
`,
      },
      run,
      uploads: 0,
      exit: 1,
      prints: [/cell-\d+ was not uploaded: the process was ended before its build was through/],
    }
  }),
]
matrix(bunLane, bunCells)
