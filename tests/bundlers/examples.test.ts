import { cp, mkdtemp, readFile, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runInNewContext } from 'node:vm'
import { type Emulator, startEmulator } from '@fw/evaluator-emulator'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { archiveOf } from './harness/archive.ts'
import { run, uploadsOf } from './harness/running.ts'

const EXAMPLES = resolve(import.meta.dirname, '../../examples')
const INCLUDED = ['requirements.txt', 'test_score.py'] as const

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator({ buildMs: 1 })
})
afterAll(() => emulator.close())

test.for([
  ['vite-lib', ['requirements.txt', 'scorer.js', 'scorer.mjs', 'test_score.py'], 'scorer.js'],
  [
    'vite-ssr-environments',
    [
      /^client\/assets\/index-.*\.js$/,
      'client/index.html',
      'requirements.txt',
      'server/scorer.js',
      'test_score.py',
    ],
    'server/scorer.js',
  ],
  ['esbuild-script', [INCLUDED[0], 'scorer.js', INCLUDED[1]], 'scorer.js'],
  ['rollup', [INCLUDED[0], 'scorer.js', 'scorer.mjs', INCLUDED[1]], 'scorer.js'],
  ['webpack', [INCLUDED[0], 'scorer.js', INCLUDED[1]], 'scorer.js'],
] as const)('examples/%s does what its README says', async ([name, entries, scorer]) => {
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
    env: { PATH: process.env.PATH, HOME: dir, ...emulator.env },
    evaluatorId: name,
    emulator,
  })
  expect(code, output).toBe(0)
  expect(uploadsOf(emulator, name), output).toBe(1)
  const archive = await archiveOf(emulator, name)
  expect([...archive.keys()]).toEqual(
    entries.map((entry) => (typeof entry === 'string' ? entry : expect.stringMatching(entry))),
  )
  // The bundle is what the Python entry file expects: a script that leaves `scorer.score` behind.
  expect(runInNewContext(`${archive.get(scorer)}; scorer.score('short')`)).toBe(0.5)
})
