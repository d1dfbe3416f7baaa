import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { archiveWith, scoresOf } from './host.ts'

/** A scorer that does what a row's ground truth says. */
const BY_TRUTH = `
import { spawnSync } from 'node:child_process'
import { writeSync } from 'node:fs'
export default async function score({ groundTruth, messages }) {
  if (groundTruth === 'endless loop') for (;;);
  if (groundTruth === 'endless loop later') { await new Promise((go) => setTimeout(go, 10)); for (;;); }
  if (groundTruth === 'never') await new Promise(() => {})
  if (groundTruth === 'throw') throw new Error('scorer-broke-here')
  if (groundTruth === 'throw aside') { setTimeout(() => { throw new Error('broke-aside') }); await new Promise(() => {}) }
  if (groundTruth === 'reject aside') { Promise.reject(new Error('rejected-aside')); await new Promise(() => {}) }
  if (groundTruth === 'exit') process.exit(3)
  if (groundTruth === 'print') {
    console.log('{"id":0,"result":{"score":1}}')
    process.stdout.write('{"id":0,"result":{"score":1}}\\n')
    writeSync(1, '{"id":0,"result":{"score":1}}\\n')
    spawnSync(process.execPath, ['-e', 'console.log("from a child")'], { stdio: 'inherit' })
  }
  await new Promise((go) => setTimeout(go, 1))
  return { score: 0.5, reason: String(messages?.at(-1)?.content) }
}
`
const truths = (...all: string[]) => all.map((ground_truth) => ({ ground_truth }))
const fine = (count: number) => Array.from({ length: count }, (_, index) => `fine ${index}`)
const isGood = { score: 0.5 }
const isInvalid = (reason: RegExp) => ({
  score: 0,
  is_score_valid: false,
  reason: expect.stringMatching(reason),
})

test('every row gets its own score, whatever is in its text', async () => {
  const texts = [
    'Grüße – 日本語 😀',
    'line\nbreak',
    'separator \u2028 \u2029',
    '',
    '{"id":1}',
    'x'.repeat(300_000),
  ]
  const rows = texts.map((content) => ({ messages: [{ role: 'assistant', content }] }))
  const { answers } = await scoresOf(BY_TRUTH, rows)
  expect(answers).toEqual(texts.map((reason) => ({ score: 0.5, reason })))
})

test('rows that wait do so beside each other', async () => {
  const scorer = `
    let count = 0
    let all
    const met = new Promise((go) => { all = go })
    export default async () => { if (++count === 20) all(); await met; return 1 }
  `
  const { answers } = await scoresOf(scorer, truths(...fine(20)))
  expect(answers).toEqual(fine(20).map(() => ({ score: 1 })))
})

test('what goes wrong in a row is that row alone', async () => {
  const { answers } = await scoresOf(
    BY_TRUTH,
    truths('fine', 'throw', 'fine', 'throw aside', 'reject aside', 'fine'),
  )
  expect(answers).toMatchObject([
    isGood,
    isInvalid(/Error: scorer-broke-here/),
    isGood,
    isInvalid(/broke-aside/),
    isInvalid(/rejected-aside/),
    isGood,
  ])
})

test('what a scorer and its children print goes to stderr', async () => {
  const { answers, stderr } = await scoresOf(BY_TRUTH, truths('never', 'print', 'fine'), 2000)
  expect(answers).toMatchObject([isInvalid(/within 2 s/), isGood, isGood])
  expect(stderr).toContain('from a child')
  expect(stderr.match(/"score":1/g)).toHaveLength(3)
})

test('a row that never answers ends after the timeout, and the process goes on', async () => {
  const { answers } = await scoresOf(BY_TRUTH, truths('never', 'fine', 'never'), 1500)
  expect(answers).toMatchObject([isInvalid(/within 1.5 s/), isGood, isInvalid(/within 1.5 s/)])
})

test('an endless loop is ended after half of the timeout, and the rows beside it are scored', async () => {
  const { answers } = await scoresOf(BY_TRUTH, truths('fine', 'endless loop', ...fine(3)), 3000)
  expect(answers).toMatchObject([isGood, isInvalid(/busy for 1.5 s/), isGood, isGood, isGood])
})

test('an endless loop behind an await has nobody known to blame: each row beside gets one more try', async () => {
  const { answers } = await scoresOf(BY_TRUTH, truths('endless loop later', 'never', ...fine(2)), 3000)
  expect(answers[0]).toMatchObject({ is_score_valid: false })
  expect(answers[1]).toMatchObject({ is_score_valid: false })
  for (const answer of answers)
    expect(answer).toMatchObject({ score: expect.any(Number), reason: expect.any(String) })
})

test('a row that ends the process is invalid, and the others are scored by the next one', async () => {
  const { answers } = await scoresOf(BY_TRUTH, truths('fine', 'exit', 'fine', 'exit', 'fine'))
  const ended = isInvalid(/exit code 3/)
  expect(answers).toMatchObject([isGood, ended, isGood, ended, isGood])
})

test.each([
  ['has no default export', 'export const score = () => 1', /no function as its default export/],
  ['has a default export that is no function', 'export default 1', /no function as its default export/],
  ['throws', 'throw new Error("broke-at-import")', /broke-at-import/],
  ['imports what is not there', 'import "left-pad"; export default () => 1', /left-pad/],
  ['is no JavaScript', 'export default (', /SyntaxError/],
  ['exits', 'process.exit(4)', /exit code 4/],
])('a scorer that %s makes every row invalid, with the reason', async (_, scorer, reason) => {
  const { answers } = await scoresOf(scorer, truths('a', 'b'))
  expect(answers).toMatchObject([isInvalid(reason), isInvalid(reason)])
})

test.each([
  ['module.exports = () => 1'],
  ['exports.default = () => 1'],
  ['module.exports = { __esModule: true, default: async () => 1 }'],
])('CommonJS is loaded too: %s', async (scorer) => {
  expect((await scoresOf(scorer, truths('a'))).answers).toEqual([{ score: 1 }])
})

test('the host ends with its stdin, also in the midst of an endless loop', async () => {
  const dir = await archiveWith(
    'import { writeSync } from "node:fs"; export default () => { writeSync(2, String(process.pid) + "\\n"); for (;;); }',
  )
  const host = spawn(process.execPath, ['scorer_host.mjs', 'score.js', '60000'], { cwd: dir })
  host.stdin.write('{"id":1,"row":{}}\n')
  const [pid] = await once(host.stderr, 'data')
  const closed = once(host, 'close')
  host.stdin.end()
  await closed
  expect(isRunning(Number(String(pid)))).toBe(false)
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
