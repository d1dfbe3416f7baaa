import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startEmulator } from '@fw/evaluator-emulator'
import { pythonWith } from '@fw-tests/python'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { score } from '../src/score.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))

interface Row {
  question: string
  answer: string
  expected: string
}

const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const rows: Row[] = jsonLines(await readFile(join(root, 'rows.jsonl'), 'utf8'))

/** As the README says it, so that what is packed here is what a reader packs. */
async function viteBuild(env: Record<string, string>): Promise<string> {
  const { stdout } = await run('vite', ['build'], {
    cwd: root,
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  })
  return stdout
}

beforeAll(async () => {
  await viteBuild({ FW_EVALUATOR_UPLOAD: '0' })
})

test('the scores of the ten rows', () => {
  expect(rows.map(({ answer, expected }) => score(answer, expected))).toEqual([
    1,
    1,
    0.5,
    0,
    1,
    1,
    0,
    1,
    2 / 3,
    0,
  ])
})

test('vite build uploads it, and it is ACTIVE', async () => {
  const emulator = await startEmulator()
  onTestFinished(() => emulator.close())
  const printed = await viteBuild({ ...emulator.env })
  expect(printed).toMatch(/js-scorer uploaded, ACTIVE {2}4 files/)
  expect(emulator.evaluators.get('js-scorer')).toMatchObject({
    state: 'ACTIVE',
    resource: { displayName: 'JSON fields', entryPoint: 'test_json_fields.py::test_json_fields' },
  })
})

test('Python, pytest and eval-protocol give the same scores', { timeout: 600_000 }, async ({ skip }) => {
  const found = await pythonWith(join(root, 'requirements.txt'))
  if ('missing' in found) return skip(found.missing)

  // Laid out as in the archive: the bundle beside the entry file.
  const dir = await mkdtemp(join(tmpdir(), 'fw-js-scorer-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  for (const file of ['test_json_fields.py', 'rows.jsonl', 'dist/scorer.js']) {
    await copyFile(join(root, file), join(dir, file.replace('dist/', '')))
  }
  // A home of its own: eval-protocol keeps results in the nearest .eval_protocol folder, and its prices at hand.
  const env = { ...process.env, HOME: dir, LITELLM_LOCAL_MODEL_COST_MAP: 'True' }
  const { stdout } = await run(found.python, ['-m', 'pytest', '-q', 'test_json_fields.py'], { cwd: dir, env })
  expect(stdout).toMatch(/1 passed/)

  const results = join(dir, '.eval_protocol', 'experiment_results')
  const [file = ''] = await readdir(results)
  const evaluated = jsonLines(await readFile(join(results, file), 'utf8')).map((row) => [
    row.messages[0].content,
    row.evaluation_result.score,
  ])
  const own = rows.map(({ question, answer, expected }) => [question, score(answer, expected)])
  expect(Object.fromEntries(evaluated)).toEqual(Object.fromEntries(own))
})
