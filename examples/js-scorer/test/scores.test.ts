import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startEmulator } from '@fw/evaluator-emulator'
import type { Message } from '@fw/evaluator-scorer'
import { pythonWith } from '@fw-tests/python'
import { expect, onTestFinished, test } from 'vitest'
import score from '../src/score.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))

interface RawRow {
  messages: Message[]
  ground_truth: string
}

const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const rows: RawRow[] = jsonLines(await readFile(join(root, 'rows.jsonl'), 'utf8'))

/** The command in the README, so that the test packs the same as a reader. */
async function viteBuild(env: Record<string, string>): Promise<string> {
  // In Vitest, the plugin uploads nothing.
  const { VITEST: _vitest, NODE_ENV: _env, ...rest } = process.env
  const { stdout } = await run('vite', ['build'], {
    cwd: root,
    env: { ...rest, ...env },
    shell: process.platform === 'win32',
  })
  return stdout
}

/** The scores of the TypeScript function. */
const own = rows.map(({ messages, ground_truth }) => score({ messages, groundTruth: ground_truth }))

test('the scores of the ten rows', () => {
  expect(own).toEqual([1, 1, 0.5, 0, 1, 1, 0, 1, 2 / 3, 0])
})

test('vite build uploads it, and it is ACTIVE', async () => {
  const emulator = await startEmulator()
  onTestFinished(() => emulator.close())
  const printed = await viteBuild({ ...emulator.env })
  expect(printed).toMatch(/js-scorer uploaded, ACTIVE {2}6 files/)
  expect(emulator.evaluators.get('js-scorer')).toMatchObject({
    state: 'ACTIVE',
    resource: { displayName: 'JSON fields', entryPoint: 'test_js_scorer.py::test_js_scorer' },
  })
})

test('the uploaded archive gives the same scores, run by pytest and eval-protocol', {
  timeout: 600_000,
}, async ({ skip }) => {
  // In a folder where no package.json above changes how the scorer is loaded.
  const dir = await mkdtemp(join(tmpdir(), 'fw-js-scorer-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  await viteBuild({ FW_EVALUATOR_PACK: dir })
  await run('tar', ['-xzf', 'js-scorer.tar.gz'], { cwd: dir })
  const evaluator = join(dir, 'js-scorer')
  const found = await pythonWith(join(evaluator, 'requirements.txt'))
  if ('missing' in found) return skip(found.missing)

  // The requirements install Node. Its own home, because eval-protocol keeps results there.
  // litellm, which a plugin of pytest imports, asks the internet for a list of prices otherwise, and may hang.
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: dir,
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    EP_NO_UPLOAD: '1',
    EP_OUTPUT_DIR: join(dir, 'out'),
  }
  const pytest = ['-m', 'pytest', '-q', join(evaluator, 'test_js_scorer.py')]
  const { stdout } = await run(found.python, pytest, { cwd: dir, env })
  expect(stdout).toMatch(/1 passed/)

  const results = join(dir, 'out', 'experiment_results')
  const [file = ''] = await readdir(results)
  const evaluated = jsonLines(await readFile(join(results, file), 'utf8')).map((row) => [
    row.messages[0].content,
    row.evaluation_result.score,
  ])
  const expected = rows.map(({ messages }, index) => [messages[0]?.content, own[index]])
  expect(Object.fromEntries(evaluated)).toEqual(Object.fromEntries(expected))
})
