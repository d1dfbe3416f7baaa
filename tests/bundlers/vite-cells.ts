import type { Cell } from './harness/cell.ts'
import { matrix } from './harness/matrix.ts'
import { APP, SOURCES, type ViteVersion, viteConfig, viteLane } from './harness/vite.ts'

const build = [['vite', 'build']]
const LIB = "lib: { entry: 'src/index.js', formats: ['es', 'cjs'], fileName: 'index' }"
const ES = "lib: { entry: 'src/index.js', formats: ['es'], fileName: 'index' }"
const lib = (parts: Parameters<typeof viteConfig>[0] = {}) => ({
  ...SOURCES,
  'vite.config.mjs': viteConfig({ build: ES, ...parts }),
})
const LATER = /^later-.*\.c?js$/

const good: Cell[] = [
  {
    name: 'app with a public file; what an earlier build left is not in the archive',
    files: { ...APP, 'vite.config.mjs': viteConfig(), 'dist/old.js': 'old' },
    run: build,
    uploads: 1,
    entries: [/^assets\/index-.*\.js$/, 'entry.py', 'index.html', 'requirements.txt', 'rows.json'],
    prints: [/✓ cell-\d+ uploaded.*5 files/, /^ {2}http:\/\/127\.0\.0\.1:\d+\/$/m],
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none of ours is the point
    printsNot: [/\u001b\[[0-9;]*m[^\n]*cell-/],
  },
  {
    name: 'library with two formats',
    files: { ...SOURCES, 'vite.config.mjs': viteConfig({ build: LIB }) },
    run: build,
    uploads: 1,
    entries: ['entry.py', 'index.cjs', 'index.js', LATER, LATER, 'requirements.txt'],
  },
  {
    name: 'ssr',
    files: { ...SOURCES, 'vite.config.mjs': viteConfig({ build: "ssr: 'src/index.js'" }) },
    run: build,
    uploads: 1,
    entries: [/^assets\/later-.*\.js$/, 'entry.py', 'index.js', 'requirements.txt'],
  },
  {
    name: 'client + ssr as two commands: each is a build',
    files: { ...APP, 'vite.config.mjs': viteConfig({ options: 'skipUnchanged: false' }) },
    run: [
      ['vite', 'build', '--outDir', 'dist/client'],
      ['vite', 'build', '--ssr', 'src/index.js', '--outDir', 'dist/server'],
    ],
    uploads: 2,
  },
  {
    name: 'client + ssr as two commands, one of them named in environments',
    files: {
      ...APP,
      'vite.config.mjs': viteConfig({
        options: "environments: ['ssr'], include: ['dist/client/*.html']",
        build: 'copyPublicDir: false',
      }),
    },
    run: [
      ['vite', 'build', '--outDir', 'dist/client'],
      ['vite', 'build', '--ssr', 'src/index.js', '--outDir', 'dist/server'],
    ],
    uploads: 1,
    entries: [/^assets\/later-/, 'dist/client/index.html', 'index.js', 'requirements.txt'],
  },
  {
    name: 'vite.build() from a script, build.write: false',
    files: {
      ...lib({ build: `${ES}, write: false` }),
      'build.mjs': "import { build } from 'vite'\nawait build({ logLevel: 'warn' })\n",
      'dist/old.js': 'old',
    },
    run: [['node', 'build.mjs']],
    uploads: 1,
    entries: ['entry.py', 'index.js', LATER, 'requirements.txt'],
  },
  {
    name: 'vite.build() from a script, twice at once and once more: the two are one upload, and then all three',
    files: {
      ...lib({ options: 'skipUnchanged: false' }),
      'build.mjs': `import { build } from 'vite'
await Promise.all([build({ build: { outDir: 'a' } }), build({ build: { outDir: 'b' } })])
await build()
`,
    },
    run: [['node', 'build.mjs']],
    uploads: 2,
    entries: [
      'a/index.js',
      /^a\/later-/,
      'b/index.js',
      /^b\/later-/,
      'dist/index.js',
      /^dist\/later-/,
      'entry.py',
      'requirements.txt',
    ],
    prints: [/holds a, b, dist|holds b, a, dist/],
  },
  {
    name: 'one plugin object in two builds, one after the other: the second upload has both folders, and says so',
    files: {
      ...SOURCES,
      'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/vite-plugin'
import { build } from 'vite'
const ours = fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })
const make = (name) => build({ configFile: false, plugins: [ours], build: { outDir: 'out/' + name, lib: { entry: 'src/later.js', formats: ['es'], fileName: name } } })
await make('alpha')
await make('beta')
`,
    },
    run: [['node', 'build.mjs']],
    uploads: 2,
    entries: ['alpha/alpha.js', 'beta/beta.js', 'requirements.txt'],
    prints: [/holds out\/alpha, out\/beta/],
  },
  {
    name: 'one plugin object in two builds side by side, client and ssr: one upload',
    files: {
      ...SOURCES,
      'build.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/vite-plugin'
import { build } from 'vite'
const ours = fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })
const late = { name: 'late', async renderChunk() { await new Promise((resolve) => setTimeout(resolve, 300)) } }
await Promise.all([
  build({ configFile: false, plugins: [ours], build: { outDir: 'out/client', lib: { entry: 'src/later.js', formats: ['es'], fileName: 'client' } } }),
  build({ configFile: false, plugins: [late, ours], build: { outDir: 'out/server', ssr: 'src/later.js' } }),
])
`,
    },
    run: [['node', 'build.mjs']],
    uploads: 1,
    entries: ['client/client.js', 'requirements.txt', 'server/later.js'],
  },
  {
    name: 'never: a build inside a build fails, and is caught: the outer one fails, and says what to do',
    files: lib({
      top: "import { build } from 'vite'\n",
      before: `!globalThis.inner && { name: 'optional', async buildStart() {
        globalThis.inner = true
        await build({ logLevel: 'silent', build: { outDir: 'out/optional', lib: { entry: 'nowhere.js', formats: ['es'] } } }).catch(() => {})
        globalThis.inner = false
      } },`,
    }),
    run: build,
    uploads: 0,
    exit: 1,
    prints: [/another build of this evaluator failed in this process: out\/optional/, /Fix that build/],
  },
  {
    name: 'never: the plugin for Bun stands in the place of ours',
    files: {
      ...lib(),
      'vite.config.mjs': viteConfig({ build: ES }).replace('@fw/vite-plugin', '@fw/evaluator-unplugin/bun'),
    },
    run: build,
    uploads: 0,
    exit: 1,
    prints: [/the plugin for Bun stands among those of another bundler/],
  },
  {
    name: 'never: a worker is not uploaded, which is said',
    files: {
      ...SOURCES,
      'src/worker.js': 'postMessage(1)\n',
      'src/index.js':
        "export const start = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })\n",
      'vite.config.mjs': `import './probe.mjs'
import { fwEvaluator } from '@fw/vite-plugin'
export default {
  worker: { format: 'es', plugins: () => [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })] },
  build: { ${ES} },
}
`,
    },
    run: build,
    uploads: 0,
    prints: [/no worker is uploaded by itself.*not into `worker\.plugins`/],
  },
  {
    name: 'never: the process is ended in another closeBundle: exit code 1, and it is said',
    files: lib({ after: "{ name: 'ends', closeBundle() { process.exit(0) } }," }),
    run: build,
    uploads: 0,
    exit: 1,
    prints: [/cell-\d+ was not uploaded: the process was ended before its build was through/],
  },
  {
    name: 'never: a dev build, which says how to insist',
    files: lib(),
    run: [['vite', 'build']],
    env: { NODE_ENV: 'development' },
    uploads: 0,
    prints: [/is not uploaded: this is not a production build\. \(enabled: true/],
  },
  {
    name: 'never: a framework that works on after the bundler, with the commands that do it right',
    files: lib({ before: "{ name: 'vite-plugin-sveltekit-setup' }," }),
    run: build,
    uploads: 0,
    prints: [/SvelteKit works on.*npx vite build && npx fw-evaluator upload build --id cell-/],
  },
  {
    name: 'a framework that works on, with enabled: true',
    files: lib({ before: "{ name: 'vite-plugin-sveltekit-setup' },", options: 'enabled: true' }),
    run: build,
    uploads: 1,
  },
  {
    name: 'build.outDir stays empty beside an output folder of its own; modules of a package are kept',
    files: {
      ...lib({
        build:
          "lib: { entry: 'src/kept.js', formats: ['es'] }, rollupOptions: { output: { dir: 'out/lib', preserveModules: true, entryFileNames: '[name].js' } }",
      }),
      'src/kept.js':
        "import { clamp } from './node_modules/tinydep/index.js'\nexport const score = (text) => clamp(text.length)\n",
      'src/node_modules/tinydep/index.js': 'export const clamp = (n) => Math.min(1, n)\n',
    },
    run: build,
    uploads: 1,
    entries: ['entry.py', 'kept.js', 'node_modules/tinydep/index.js', 'requirements.txt'],
  },
  {
    name: 'exclude of a folder with a slash; what matches nothing is said',
    files: {
      ...lib({ options: "exclude: ['assets/', 'nothing/**']" }),
      'public/assets/big.txt': 'big',
    },
    run: build,
    uploads: 1,
    entries: ['entry.py', 'index.js', LATER, 'requirements.txt'],
    prints: [/exclude names nothing\/\*\*, but nothing of the output matches it/],
  },
  {
    name: "root above the project's own",
    files: {
      ...SOURCES,
      'web/src/score.js': 'export const score = 1\n',
      'vite.config.mjs': viteConfig({
        options:
          "root: '.', report: 'upload.json', onUploaded: () => import('node:fs').then(({ existsSync }) => console.log('report', existsSync('upload.json')))",
        build: "lib: { entry: 'src/score.js', formats: ['es'], fileName: 'score' }",
        rest: "root: 'web',",
      }),
    },
    run: build,
    uploads: 1,
    entries: ['entry.py', 'requirements.txt', 'score.js'],
    prints: [/report true/],
  },
  {
    name: 'a custom logger gets the block',
    files: {
      ...lib(),
      'build.mjs': `import { build, createLogger } from 'vite'
const lines = []
const say = (text) => void lines.push(text)
const customLogger = { ...createLogger(), info: say, warn: say, warnOnce: say, error: say }
await build({ customLogger })
if (!lines.some((line) => line.includes('uploaded'))) throw new Error('not told: ' + lines)
`,
    },
    run: [['node', 'build.mjs']],
    uploads: 1,
    printsNot: [/uploaded/],
  },
  {
    name: "logLevel: 'silent'",
    files: lib({ rest: "logLevel: 'silent'" }),
    run: build,
    uploads: 1,
    printsNot: [/cell-|dashboard/],
  },
  {
    name: 'config in TypeScript',
    files: { ...SOURCES, 'vite.config.ts': `${viteConfig({ build: ES })}\nexport const typed: number = 1\n` },
    run: build,
    uploads: 1,
  },
  {
    name: 'config in CommonJS',
    files: {
      ...SOURCES,
      'vite.config.cjs': `const manifest = require('node:fs').readFileSync('node_modules/vite/package.json', 'utf8')
console.log('measured ' + JSON.parse(manifest).version)
const { fwEvaluator, default: same } = require('@fw/vite-plugin')
if (fwEvaluator !== same) throw new Error('two functions')
module.exports = {
  plugins: [fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })],
  build: { ${ES} },
}
`,
    },
    run: build,
    uploads: 1,
  },
  {
    name: 'plugins that write late: in writeBundle and closeBundle, awaited, before and after ours',
    files: lib({
      top: `import { setTimeout } from 'node:timers/promises'
import { writeFileSync } from 'node:fs'
const late = (hook, file, order) => ({ name: file, [hook]: { order, sequential: order !== undefined, async handler() {
  await setTimeout(50)
  writeFileSync('dist/' + file, hook)
} } })
`,
      before:
        "late('writeBundle', 'a.txt'), late('closeBundle', 'b.txt'), late('writeBundle', 'c.txt', 'post'),",
      after:
        "late('writeBundle', 'd.txt'), late('closeBundle', 'e.txt'), late('writeBundle', 'f.txt', 'post'), late('closeBundle', 'g.txt', 'post'),",
    }),
    run: build,
    uploads: 1,
    entries: [
      'a.txt',
      'b.txt',
      'c.txt',
      'd.txt',
      'e.txt',
      'entry.py',
      'f.txt',
      'g.txt',
      'index.js',
      LATER,
      'requirements.txt',
    ],
  },
  {
    name: 'an output folder that is not emptied: what was there stays out',
    files: { ...lib({ build: `${ES}, emptyOutDir: false` }), 'dist/old.js': 'old', 'public/rows.json': '[]' },
    run: build,
    uploads: 1,
    entries: ['entry.py', 'index.js', LATER, 'requirements.txt', 'rows.json'],
  },
  {
    name: 'source maps stay out, and exclude drops',
    files: lib({ build: `${ES}, sourcemap: true`, options: "exclude: ['later-*']" }),
    run: build,
    uploads: 1,
    entries: ['entry.py', 'index.js', 'requirements.txt'],
  },
  {
    name: 'source maps with sourceMaps: true',
    files: lib({ build: `${ES}, sourcemap: true`, options: 'sourceMaps: true' }),
    run: build,
    uploads: 1,
    entries: ['entry.py', 'index.js', 'index.js.map', LATER, /^later-.*\.map$/, 'requirements.txt'],
  },
  {
    name: 'two evaluators out of one build',
    files: lib({
      after:
        "fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID + '-b', evaluator: { entryPoint: false } })",
    }),
    run: build,
    uploads: 1,
    others: { '-b': 1 },
  },
  {
    name: 'report, and onUploaded, which is awaited',
    files: lib({
      top: "import { setTimeout } from 'node:timers/promises'\n",
      options: `report: 'out/report.json', onUploaded: async (result) => {
        await setTimeout(20)
        const written = JSON.parse((await import('node:fs')).readFileSync('out/report.json', 'utf8'))
        console.log(['told', result.outcome, written.name, written.archive.entries.length].join(' '))
      },`,
    }),
    run: build,
    uploads: 1,
    prints: [/told uploaded accounts\/emulator\/evaluators\/cell-\d+ 4/],
  },
  {
    name: 'an error in onUploaded fails the build',
    files: lib({ options: "onUploaded: () => { throw new Error('not satisfied') }" }),
    run: build,
    uploads: 1,
    exit: 1,
    prints: [/not satisfied/],
  },
  {
    name: 'include that names nothing is said',
    files: lib({ options: "include: ['requirments.txt']" }),
    run: build,
    uploads: 1,
    prints: [/include names requirments\.txt, but there is no such file/],
  },
  {
    name: 'watch: true uploads each good rebuild; the last state wins',
    files: lib({ options: 'watch: true' }),
    run: [['vite', 'build', '--watch']],
    uploads: 2,
    drive: async ({ uploaded, edit, printed }) => {
      await uploaded(1)
      await edit('src/index.js', 'export const score = (', printed(/error|Unexpected|expected|invalid JS/i))
      await edit('src/index.js', 'export const score = () => 42\n', uploaded(2))
    },
    entries: ['entry.py', 'index.js', 'requirements.txt'],
  },
]

const never: Cell[] = [
  {
    name: 'never: syntax error',
    files: { ...lib(), 'src/index.js': 'export const score = (' },
    run: build,
    uploads: 0,
    exit: 1,
  },
  {
    name: 'never: unresolved import',
    files: { ...lib(), 'src/index.js': "import './nowhere.js'" },
    run: build,
    uploads: 0,
    exit: 1,
  },
  {
    name: 'never: a type check that fails at the end',
    files: lib({
      top: "import { setTimeout } from 'node:timers/promises'\n",
      after: `{ name: 'check', async closeBundle() { await setTimeout(50); throw new Error('type error') } },`,
    }),
    run: build,
    uploads: 0,
    exit: 1,
  },
  {
    name: 'never: dev server started, changed, and closed',
    files: {
      ...APP,
      'vite.config.mjs': viteConfig(),
      'serve.mjs': `import { createServer } from 'vite'
import { writeFileSync } from 'node:fs'
const server = await createServer({ server: { port: 0 }, logLevel: 'info' })
await server.listen()
const [url] = server.resolvedUrls.local
await fetch(url + 'src/main.js')
const changed = new Promise((resolve) => server.watcher.once('change', resolve))
await new Promise((resolve) => server.watcher.once('ready', resolve).once('raw', resolve).getWatched() && resolve())
const timer = setInterval(() => writeFileSync('src/index.js', 'export const score = () => ' + Math.random()), 50)
await changed
clearInterval(timer)
await server.close()
console.log('closed')
`,
    },
    run: [['node', 'serve.mjs']],
    uploads: 0,
    prints: [/closed/],
  },
  {
    name: 'never: vitest with the same config',
    files: {
      ...lib({ rest: "test: { pool: 'threads', cache: false }" }),
      'src/index.test.js':
        "import { expect, test } from 'vitest'\nimport { score } from './index.js'\ntest('score', () => expect(score('abc')).toBe(3))\n",
    },
    run: [['vitest', 'run', '--config', 'vite.config.mjs']],
    uploads: 0,
    prints: [/1 passed/],
  },
  {
    name: 'never: two files with one path in the archive, an error that names both',
    files: { ...lib({ options: "include: ['index.js']" }), 'index.js': 'other' },
    run: build,
    uploads: 0,
    exit: 1,
    prints: [/dist\/index\.js and .*\/index\.js, which include names/],
  },
  {
    name: 'never: preview',
    files: {
      ...APP,
      'vite.config.mjs': viteConfig(),
      'dist/index.html': 'built',
      'preview.mjs': `import { preview } from 'vite'
const server = await preview({ preview: { port: 0 } })
await fetch(server.resolvedUrls.local[0])
await (server.close?.() ?? new Promise((resolve) => server.httpServer.close(resolve)))
`,
    },
    run: [['node', 'preview.mjs']],
    uploads: 0,
  },
  {
    name: 'never: watch, said once',
    files: lib(),
    run: [['vite', 'build', '--watch']],
    uploads: 0,
    drive: async ({ printed, edit }) => {
      await printed(/built in/)
      await edit('src/index.js', 'export const score = () => 42\n', printed(/built in[\s\S]*built in/))
    },
    prints: [/nothing is uploaded in watch mode/],
    printsNot: [/watch mode[\s\S]*watch mode/],
  },
  {
    name: 'never: enabled: false',
    files: lib({ options: 'enabled: false' }),
    run: build,
    uploads: 0,
  },
  {
    name: 'never: FW_EVALUATOR_UPLOAD=0',
    files: lib(),
    run: build,
    env: { FW_EVALUATOR_UPLOAD: '0' },
    uploads: 0,
  },
  {
    name: 'never: dryRun prints what would go',
    files: lib({ options: 'dryRun: true' }),
    run: build,
    uploads: 0,
    prints: [/would be uploaded \(dry run\)/, /index\.js/],
  },
  {
    name: 'never: two plugins for one evaluator, an error before the build',
    files: lib({
      after: 'fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false } })',
    }),
    run: build,
    uploads: 0,
    exit: 1,
    prints: [/named by two plugins/],
    printsNot: [/built in/],
  },
]

const failing: Cell[] = [
  {
    name: 'a wrong key is the failure of the build, with hint and code, and no stack of ours',
    files: lib(),
    run: build,
    env: { FIREWORKS_API_KEY: 'fw_wrong_key_0123456789' },
    uploads: 0,
    exit: 1,
    prints: [/was not uploaded \(FW_AUTH\)/, /Check the API key/],
    printsNot: [/unplugin\/dist/, /fw_wrong_key/],
  },
  {
    name: "onError: 'warn'",
    files: lib({ options: "onError: 'warn'" }),
    run: build,
    env: { FIREWORKS_API_KEY: 'fw_wrong_key_0123456789' },
    uploads: 0,
    prints: [/was not uploaded \(FW_AUTH\)/],
  },
  {
    name: 'onError: a function gets the error of core',
    files: lib({ options: "onError: (error) => console.log('mine ' + error.code)" }),
    run: build,
    env: { FIREWORKS_API_KEY: 'fw_wrong_key_0123456789' },
    uploads: 0,
    prints: [/mine FW_AUTH/],
  },
  {
    name: 'no key: how to get one, or how to do without',
    files: lib(),
    run: build,
    env: { FIREWORKS_API_KEY: undefined },
    uploads: 0,
    exit: 1,
    prints: [/https:\/\/app\.fireworks\.ai\/settings\/users\/api-keys/, /FW_EVALUATOR_UPLOAD=0/],
  },
  {
    name: 'no key under Turborepo: passThroughEnv',
    files: lib(),
    run: build,
    env: { FIREWORKS_API_KEY: '', TURBO_HASH: 'abc' },
    uploads: 0,
    exit: 1,
    prints: [/passThroughEnv/],
  },
]

/** Client and ssr in one `vite build`, from Vite 6 on. */
const TWO = `builder: {}, environments: {
  client: { build: { outDir: 'dist/client', rollupOptions: { input: 'src/index.js', output: { entryFileNames: '[name].js' }, preserveEntrySignatures: 'strict' } } },
  ssr: { build: { outDir: 'dist/server', ssr: true, rollupOptions: { input: 'src/main.js' } } },
}`
const TWO_FILES = { ...SOURCES, 'src/main.js': APP['src/main.js'] ?? '' }

const environments: Cell[] = [
  {
    name: 'client + ssr with builder: one archive, a folder each',
    files: { ...TWO_FILES, 'vite.config.mjs': viteConfig({ rest: TWO }) },
    run: build,
    uploads: 1,
    entries: [/^client\/assets\/later-/, 'client/index.js', 'entry.py', 'requirements.txt', 'server/main.js'],
  },
  {
    name: 'client + ssr with builder, one named in environments',
    files: { ...TWO_FILES, 'vite.config.mjs': viteConfig({ rest: TWO, options: "environments: ['ssr']" }) },
    run: build,
    uploads: 1,
    entries: ['entry.py', 'main.js', 'requirements.txt'],
  },
  {
    name: 'client + ssr with builder, two evaluators',
    files: {
      ...TWO_FILES,
      'vite.config.mjs': viteConfig({
        rest: TWO,
        after:
          "fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID + '-b', evaluator: { entryPoint: false }, environments: ['client'] })",
      }),
    },
    run: build,
    uploads: 1,
    others: { '-b': 1 },
    entries: [/^client\/assets\/later-/, 'client/index.js', 'entry.py', 'requirements.txt', 'server/main.js'],
  },
  {
    name: 'never: environments names one that the build has not',
    files: {
      ...TWO_FILES,
      'vite.config.mjs': viteConfig({ rest: TWO, options: "environments: ['server']" }),
    },
    run: build,
    uploads: 0,
    exit: 1,
    prints: [/environments names "server", but this build has client, ssr/],
  },
  {
    name: 'client + ssr with builder and sharedConfigBuild',
    files: {
      ...TWO_FILES,
      'vite.config.mjs': viteConfig({
        rest: TWO.replace('builder: {}', 'builder: { sharedConfigBuild: true }'),
      }),
    },
    run: build,
    uploads: 1,
    entries: [/^client\/assets\/later-/, 'client/index.js', 'entry.py', 'requirements.txt', 'server/main.js'],
  },
  {
    name: "builder with a buildApp of the user's that builds ssr only",
    files: {
      ...TWO_FILES,
      'vite.config.mjs': viteConfig({
        rest: TWO.replace(
          'builder: {}',
          'builder: { buildApp: (builder) => builder.build(builder.environments.ssr) }',
        ),
      }),
    },
    run: build,
    uploads: 1,
    entries: ['entry.py', 'main.js', 'requirements.txt'],
  },
  {
    name: 'vite.build() with builder in the config: one environment, one upload',
    files: {
      ...TWO_FILES,
      'vite.config.mjs': viteConfig({ rest: TWO }),
      'build.mjs': "import { build } from 'vite'\nawait build()\n",
    },
    run: [['node', 'build.mjs']],
    uploads: 1,
    entries: [/^assets\/later-/, 'entry.py', 'index.js', 'requirements.txt'],
  },
  {
    name: 'createBuilder() from a script, after one that failed',
    files: {
      ...TWO_FILES,
      'vite.config.mjs': viteConfig({ rest: TWO }),
      'build.mjs': `import { createBuilder } from 'vite'
import { writeFileSync, readFileSync } from 'node:fs'
const good = readFileSync('src/main.js', 'utf8')
writeFileSync('src/main.js', 'syntax (')
const failed = await createBuilder().then((builder) => builder.buildApp()).then(() => false, () => true)
if (!failed) throw new Error('should fail')
writeFileSync('src/main.js', good)
await (await createBuilder()).buildApp()
`,
    },
    run: [['node', 'build.mjs']],
    uploads: 1,
  },
  {
    name: 'never: the second environment fails',
    files: { ...TWO_FILES, 'src/main.js': 'syntax (', 'vite.config.mjs': viteConfig({ rest: TWO }) },
    run: build,
    uploads: 0,
    exit: 1,
  },
  {
    name: 'client + ssr with builder in watch mode, watch: true: both before the first upload',
    files: { ...TWO_FILES, 'vite.config.mjs': viteConfig({ rest: TWO, options: 'watch: true' }) },
    run: [['vite', 'build', '--watch']],
    uploads: 2,
    drive: async ({ uploaded, edit }) => {
      await uploaded(1)
      await edit('src/main.js', "console.log('changed')\n", uploaded(2))
    },
    entries: [/^client\/assets\/later-/, 'client/index.js', 'entry.py', 'requirements.txt', 'server/main.js'],
  },
]

/** All cells of one version. */
export function viteMatrix(version: ViteVersion): void {
  matrix(viteLane(version), [...good, ...(version === 5 ? [] : environments), ...never, ...failing])
}
