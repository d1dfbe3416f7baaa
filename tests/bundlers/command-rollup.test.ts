import type { Cell } from './harness/cell.ts'
import { matrix } from './harness/matrix.ts'
import { rolldownLane, rollupLane } from './harness/rollup.ts'
import { SOURCES } from './harness/vite.ts'

// One command is more than one run of rollup or rolldown: what else happens in its process.

/** Our plugins for other bundlers, and what they are for. */
const DOORS = [
  ['@fw/esbuild-plugin', 'esbuild'],
  ['@fw/evaluator-unplugin/webpack', 'webpack and rspack'],
  ['@fw/evaluator-unplugin/rsbuild', 'Rsbuild and Rslib'],
  ['@fw/evaluator-unplugin/farm', 'Farm'],
  ['@fw/evaluator-unplugin/bun', 'Bun'],
]

function cells(name: 'rollup' | 'rolldown'): Cell[] {
  const script = (body: string) => ({
    ...SOURCES,
    'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/evaluator-unplugin/${name}'
import { ${name} as bundle } from '${name}'
const ours = (more) => fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false }, ...more })
const open = (more, plugins = []) => bundle({ input: 'src/later.js', plugins: [...plugins, ours(more)] })
${body}
`,
  })
  const run = [['node', 'build.mjs']]
  return [
    {
      name: 'generated to be measured, then written: what was written is the output',
      files: script(`const built = await open()
await built.generate({ format: 'cjs', entryFileNames: 'measured.js' })
await built.write({ dir: 'dist', format: 'es' })
await built.close()`),
      run,
      uploads: 1,
      entries: ['later.js', 'requirements.txt'],
    },
    {
      name: 'never: written and not closed: exit code 1, and it is said',
      files: script("await (await open()).write({ dir: 'dist' })"),
      run,
      uploads: 0,
      exit: 1,
      prints: [
        /cell-\d+ was not uploaded: its build was never closed \(src\/later\.js\)/,
        /fw-evaluator upload/,
      ],
    },
    {
      name: "never: the same with onError: 'warn': it is said, and the exit code stays",
      files: script("await (await open({ onError: 'warn' })).write({ dir: 'dist' })"),
      run,
      uploads: 0,
      prints: [/was not uploaded: its build was never closed/],
    },
    {
      name: 'never: the same with a function as onError, which is told',
      files: script(
        "await (await open({ onError: (error) => console.log('mine ' + error.message.split(String.fromCharCode(10))[0]) })).write({ dir: 'dist' })",
      ),
      run,
      uploads: 0,
      prints: [/mine cell-\d+ was not uploaded: its build was never closed/],
    },
    {
      name: 'never: another plugin ends the process in closeBundle',
      files: script(`const built = await open({}, [{ name: 'ends', closeBundle() { process.exit(0) } }])
await built.write({ dir: 'dist' })
await built.close()`),
      run,
      uploads: 0,
      exit: 1,
      prints: [/cell-\d+ was not uploaded: the process was ended before its build was through/],
    },
    {
      name: 'a build that was opened and given up keeps no exit code',
      files: script("await open().then((built) => built.close())\nconsole.log('gave up')"),
      run,
      uploads: 0,
      prints: [/gave up/],
      printsNot: [/was not uploaded/],
    },
    {
      name: 'formats as builds of their own that overlap, as tsdown runs them: one upload',
      files: script(`const format = async (format, ms) => {
  const late = { name: 'late', renderChunk: () => new Promise((resolve) => setTimeout(resolve, ms, null)) }
  const built = await open({}, [late])
  await built.write({ dir: 'dist', format, entryFileNames: '[name].' + format + '.js' })
  await built.close()
}
await Promise.all([format('es', 0), format('cjs', 400)])`),
      run,
      uploads: 1,
      entries: ['later.cjs.js', 'later.es.js', 'requirements.txt'],
    },
    {
      name: 'never: the later of two that overlap fails',
      files: script(`const format = async (format, ms) => {
  const late = { name: 'late', renderChunk: () => new Promise((resolve, reject) => setTimeout(ms > 0 ? reject : resolve, ms, ms > 0 ? new Error('on purpose') : null)) }
  const built = await open({}, [late])
  try { await built.write({ dir: 'dist', format, entryFileNames: '[name].' + format + '.js' }) } finally { await built.close() }
}
await Promise.all([format('es', 0), format('cjs', 400)])`),
      run,
      uploads: 0,
      exit: 1,
      prints: [/on purpose/],
    },
    {
      name: 'one build after the other into two folders: the second upload has both, and says so',
      files: script(`for (const dir of ['out/a', 'out/b']) {
  const built = await open()
  await built.write({ dir })
  await built.close()
}`),
      run,
      uploads: 2,
      entries: ['a/later.js', 'b/later.js', 'requirements.txt'],
      prints: [/holds src\/later\.js, of all builds/],
    },
    {
      name: 'modules that are kept as they are, of a package too',
      files: {
        ...script(`const built = await bundle({ input: 'src/kept.js', plugins: [ours()] })
await built.write({ dir: 'dist', preserveModules: true, entryFileNames: '[name].js' })
await built.close()`),
        'src/kept.js':
          "import { clamp } from './node_modules/tinydep/index.js'\nexport const score = clamp\n",
        'src/node_modules/tinydep/index.js': 'export const clamp = (n) => Math.min(1, n)\n',
      },
      run,
      uploads: 1,
      entries: ['kept.js', 'node_modules/tinydep/index.js', 'requirements.txt'],
    },
    {
      name: "never: the plugin for Vite stands among rollup's, and says where to put it",
      files: {
        ...SOURCES,
        'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/vite-plugin'
import { ${name} as bundle } from '${name}'
const built = await bundle({ input: 'src/later.js', plugins: fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } }) })
await built.write({ dir: 'dist' })
await built.close()
`,
      },
      run,
      uploads: 0,
      exit: 1,
      prints: [/the plugin for Vite stands among the plugins of rollup or rolldown.*vite\.config/],
    },
    ...DOORS.map(
      ([from, is]): Cell => ({
        name: `never: the plugin for ${is} stands among rollup's`,
        files: {
          ...SOURCES,
          'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '${from}'
import { ${name} as bundle } from '${name}'
const built = await bundle({ input: 'src/later.js', plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })] })
await built.write({ dir: 'dist' })
await built.close()
`,
        },
        run,
        uploads: 0,
        exit: 1,
        prints: [new RegExp(`the plugin for ${is} stands among those of another bundler`)],
      }),
    ),
    {
      name: 'another plugin changes the working directory before the output is written, and an older file lies there',
      files: {
        ...script(`import { existsSync, mkdirSync, readFileSync } from 'node:fs'
mkdirSync('elsewhere')
const leaves = { name: 'leaves', buildEnd() { process.chdir('elsewhere') }, writeBundle() { process.chdir('/') } }
const project = process.cwd()
const built = await open({ onUploaded({ archive }) {
  const file = [project + '/elsewhere/dist/later.js', project + '/dist/later.js'].find((path) => existsSync(path))
  console.log('as built', archive.entries.find(({ path }) => path === 'later.js').size === readFileSync(file).length)
} }, [leaves])
await built.write({ dir: 'dist' })
await built.close()`),
        'dist/later.js': '// older\n',
      },
      run,
      uploads: 1,
      entries: ['later.js', 'requirements.txt'],
      prints: [/as built true/],
    },
  ]
}

const cwd: Cell = {
  name: "rolldown's cwd is what its folders are relative to",
  files: {
    'package.json': '{ "type": "module" }',
    'inner/src/later.js': 'export const more = 2\n',
    'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/evaluator-unplugin/rolldown'
import { rolldown } from 'rolldown'
const built = await rolldown({ cwd: process.cwd() + '/inner', input: 'src/later.js', plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })] })
await built.write({ dir: 'dist' })
await built.close()
`,
  },
  run: [['node', 'build.mjs']],
  uploads: 1,
  entries: ['later.js', 'requirements.txt'],
}

const ofOutput = ['@fw/evaluator-unplugin/rollup', '@fw/vite-plugin'].map(
  (from): Cell => ({
    name: `never: ${from} stands among the plugins of an output`,
    files: {
      ...SOURCES,
      'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '${from}'
import { rollup } from 'rollup'
const built = await rollup({ input: 'src/later.js' })
await built.write({ dir: 'dist', plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })] })
await built.close()
`,
    },
    run: [['node', 'build.mjs']],
    uploads: 0,
    exit: 1,
    prints: [/stands among the plugins of one output.*Move it to `plugins` of the build/],
  }),
)

matrix(rollupLane, [...cells('rollup'), ...ofOutput])
matrix(rolldownLane, [...cells('rolldown'), cwd])
