import { cp, mkdtemp, readFile, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Emulator, startEmulator } from '@fw/evaluator-emulator'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { archiveOf } from './harness/archive.ts'
import { run, uploadsOf } from './harness/running.ts'

const EXAMPLES = resolve(import.meta.dirname, '../../examples')

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ buildMs: 1 })
})
afterAll(() => emulator.close())

/** What goes up with the built scorer, in order. */
const archive = (test: string, ...scorers: string[]) =>
  ['package.json', 'requirements.txt', 'rows.jsonl', ...scorers, 'scorer_host.mjs', test] as const

test.for([
  ['vite-lib', archive('test_vite_lib.py', 'score.cjs', 'score.js')],
  [
    'vite-ssr-environments',
    [
      /^client\/assets\/index-.*\.js$/,
      'client/index.html',
      'requirements.txt',
      'rows.jsonl',
      'scorer_host.mjs',
      'server/package.json',
      'server/score.js',
      'test_vite_ssr_environments.py',
    ],
  ],
  ['esbuild-script', archive('test_esbuild_script.py', 'score.js')],
  ['rollup', archive('test_rollup.py', 'score.js')],
  ['webpack', archive('test_webpack.py', 'score.js')],
  ['llm-judge', archive('test_llm_judge.py', 'score.js')],
  ['python', ['requirements.txt', 'rows.jsonl', 'test_exact.py']],
] as const)('examples/%s does what its README says', async ([name, entries]) => {
  const dir = join(await realpath(await mkdtemp(join(tmpdir(), 'fw-example-'))), name)
  onTestFinished(() => rm(resolve(dir, '..'), { recursive: true, force: true }))
  const isSource = (path: string) => !/node_modules|dist$|\.turbo/.test(path.slice(EXAMPLES.length))
  await cp(join(EXAMPLES, name), dir, { recursive: true, filter: isSource })
  await symlink(join(EXAMPLES, name, 'node_modules'), join(dir, 'node_modules'), 'junction')

  const readme = await readFile(join(dir, 'README.md'), 'utf8')
  expect(readme).toContain('```sh\nexport FIREWORKS_API_KEY=…\nnpm run build\n```')
  const { code, output } = await run({
    dir,
    command: ['npm', 'run', 'build'],
    // A home beside it: npm writes there.
    env: { PATH: process.env.PATH, HOME: resolve(dir, '../home'), ...emulator.env },
    evaluatorId: name,
    emulator,
  })
  expect(code, output).toBe(0)
  expect(uploadsOf(emulator, name), output).toBe(1)
  const archive = await archiveOf(emulator, name)
  expect([...archive.keys()]).toEqual(
    entries.map((entry) => (typeof entry === 'string' ? entry : expect.stringMatching(entry))),
  )
})
