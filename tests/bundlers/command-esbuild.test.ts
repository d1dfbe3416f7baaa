import type { Cell } from './harness/cell.ts'
import { esbuildScript, latestEsbuild, lowestEsbuild } from './harness/esbuild.ts'
import { matrix } from './harness/matrix.ts'
import { SOURCES } from './harness/vite.ts'

// One command is more than one run of esbuild: builds in it nest, overlap and follow.

const run = [['node', 'build.mjs']]
const script = (parts: Parameters<typeof esbuildScript>[0] = {}) => ({
  ...SOURCES,
  'build.mjs': esbuildScript(parts),
})
/** A plugin that builds inside the outer build, made of the same options. */
const inner = (more: string, then = '') => `{ name: 'inner', setup(outer) {
  outer.onLoad({ filter: /index\\.js$/ }, async () => {
    if (globalThis.isInner) return
    globalThis.isInner = true
    await build({ ...outer.initialOptions, logLevel: 'silent', ${more} })${then}
    globalThis.isInner = false
  })
} },`

/** Two builds at once, the second with `other`. */
const SIDE_BY_SIDE = `await Promise.all([
  build({ ...options, outdir: 'dist/a' }),
  build({ ...options, outdir: 'dist/b', plugins: [other] }),
])`

const cells: Cell[] = [
  {
    name: 'a worker that is bundled in memory by an inner build takes no place in the archive',
    files: script({ before: inner("write: false, format: 'iife'") }),
    run,
    uploads: 1,
    entries: ['entry.py', 'index.js', 'requirements.txt'],
  },
  {
    name: 'never: an inner build fails and is caught: the outer one fails, and says what to do',
    files: script({
      before: inner("entryPoints: ['src/nowhere.js'], outdir: 'dist/optional'", '.catch(() => {})'),
    }),
    run,
    uploads: 0,
    exit: 1,
    prints: [/another build of this evaluator failed in this process: dist\/optional/, /Fix that build/],
  },
  {
    name: 'an inner build is part of the whole: one upload, when the outer one has ended',
    files: script({ build: "outdir: 'dist/main'", before: inner("outdir: 'dist/worker', format: 'iife'") }),
    run,
    uploads: 1,
    entries: ['entry.py', 'main/index.js', 'requirements.txt', 'worker/index.js'],
  },
  {
    name: 'the working directory is changed before the build, and an older file lies there',
    files: {
      'package.json': '{ "type": "module" }',
      'proj/src/index.js': 'export const isNew = true\n',
      'proj/dist/index.js': '// older\n',
      'build.mjs': `import './probe.mjs'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fwEvaluator } from '@fw/esbuild-plugin'
import { build } from 'esbuild'
process.chdir('proj')
await build({ entryPoints: [resolve('src/index.js')], bundle: true, format: 'esm', outdir: 'dist', plugins: [
  fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false }, report: 'report.json' }),
] })
const { archive } = JSON.parse(readFileSync('report.json', 'utf8'))
console.log('built size', archive.entries.find(({ path }) => path === 'index.js').size > 20)
`,
    },
    run,
    uploads: 1,
    entries: ['index.js', 'requirements.txt'],
    prints: [/built size true/],
  },
  {
    name: 'the working directory is changed when esbuild is loaded and the plugin is not',
    files: {
      'package.json': '{ "type": "module" }',
      'src/index.js': 'export const isNew = true\n',
      'proj/src/index.js': 'export const isNew = false\n',
      'proj/dist/index.js': '// older\n',
      'build.mjs': `import './probe.mjs'
import { readFileSync } from 'node:fs'
import { build } from 'esbuild'
const wanted = process.cwd() + '/dist/index.js'
process.chdir('proj')
const { fwEvaluator } = await import('@fw/esbuild-plugin')
await build({ entryPoints: ['src/index.js'], outdir: 'dist', plugins: [fwEvaluator({
  evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false },
  onUploaded: ({ archive }) => console.log('as built', archive.entries.some(({ size }) => size === readFileSync(wanted).length)),
})] })
`,
    },
    run,
    uploads: 1,
    entries: ['index.js', 'requirements.txt'],
    prints: [/as built true/],
  },
  {
    name: 'absWorkingDir is a link to the project',
    files: script({
      top: "import { symlinkSync } from 'node:fs'\nsymlinkSync('.', 'link', 'junction')",
      build: "outdir: 'dist', absWorkingDir: process.cwd() + '/link'",
    }),
    run,
    uploads: 1,
    entries: ['entry.py', 'index.js', 'requirements.txt'],
  },
  {
    name: 'two faces in one process, side by side: one upload',
    files: script({
      top: `import { fwEvaluator as esbuildOfUnplugin } from '@fw/evaluator-unplugin/esbuild'
const other = esbuildOfUnplugin({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })`,
      run: SIDE_BY_SIDE,
    }),
    run,
    uploads: 1,
    entries: ['a/index.js', 'b/index.js', 'entry.py', 'requirements.txt'],
  },
  {
    name: 'a module of ES and one of CommonJS, side by side: one upload',
    files: script({
      top: `import { createRequire } from 'node:module'
const other = createRequire(import.meta.url)('@fw/esbuild-plugin').fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })`,
      run: SIDE_BY_SIDE,
    }),
    run,
    uploads: 1,
    entries: ['a/index.js', 'b/index.js', 'entry.py', 'requirements.txt'],
  },
  {
    name: 'a build that follows fails: nothing is sent, and it is said what is there still',
    files: script({
      run: `await build({ ...options, outdir: 'dist/a' })
await build({ ...options, outdir: 'dist/b', entryPoints: ['src/nowhere.js'] })`,
    }),
    run,
    uploads: 1,
    exit: 1,
    prints: [/was uploaded before in this process is there still: dist\/a/],
  },
  {
    name: 'never: the process is ended by another plugin behind ours',
    files: script({
      after: "{ name: 'ends', setup: (build) => void build.onEnd(() => process.exit(0)) }",
    }),
    run,
    uploads: 0,
    exit: 1,
    prints: [/cell-\d+ was not uploaded: the process was ended before its build was through/],
  },
  {
    name: "the same with onError: 'warn': it is said, and the exit code stays",
    files: script({
      options: "onError: 'warn'",
      after: "{ name: 'ends', setup: (build) => void build.onEnd(() => process.exit(0)) }",
    }),
    run,
    uploads: 0,
    prints: [/cell-\d+ was not uploaded: the process was ended/],
  },
  {
    name: 'never: the process is ended in the middle of the upload: exit code 1, and how it was left',
    files: script({
      options: "onProgress: ({ type, step }) => { if (type === 'start' && step === 'put') process.exit(0) }",
    }),
    run,
    uploads: 0,
    exit: 1,
    prints: [/the upload was cut off while sending the archive\. The evaluator is BUILDING/],
  },
  {
    name: 'never: Vitest runs the build, which says how to insist',
    files: script(),
    run,
    env: { VITEST: 'true' },
    uploads: 0,
    prints: [/is not uploaded: Vitest runs this build\. \(enabled: true/],
  },
  {
    name: 'Vitest runs the build, with enabled: true',
    files: script({ options: 'enabled: true' }),
    run,
    env: { VITEST: 'true' },
    uploads: 1,
  },
]

const links: Cell = {
  name: 'a link among what is included is judged by its target, which is a secret here',
  files: script({
    top: "import { symlinkSync, writeFileSync } from 'node:fs'\nwriteFileSync('.env', 'TOKEN=not-for-anyone')\nsymlinkSync('.env', 'settings.py')",
  }),
  run,
  uploads: 1,
  entries: ['entry.py', 'index.js', 'requirements.txt'],
}

matrix(lowestEsbuild, cells)
matrix(latestEsbuild, [...cells, links])
