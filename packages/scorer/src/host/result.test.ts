import { expect, test } from 'vitest'
import { checkedResult, invalidFrom } from './result.ts'

const read = (value: unknown) => JSON.parse(checkedResult(value))

test.each([0, 0.25, 1])('the number %s is a score', (score) => {
  expect(read(score)).toEqual({ score })
})

test('a result goes through with its reason and parts', () => {
  const metrics = { length: { score: 12, reason: 'words' } }
  expect(read({ score: 0.5, reason: 'half', metrics })).toEqual({ score: 0.5, reason: 'half', metrics })
})

test.each([
  [Number.NaN, /NaN/],
  [Number.POSITIVE_INFINITY, /Infinity/],
  [1.5, /1\.5/],
  [-0.1, /-0\.1/],
  ['0.5', /'0\.5'/],
  [true, /true/],
  [undefined, /undefined/],
  [null, /null/],
  [[1], /\[ 1 \]/],
  [{}, /missing/],
  [{ score: '1' }, /'1'/],
  [{ score: Number.NaN }, /NaN/],
  [{ score: 1, is_score_valid: false }, /isScoreValid/],
  [{ score: 1, metrics: { a: { score: Number.NaN, reason: '' } } }, /metric a .*NaN/],
  [{ score: 1, stepOutputs: [{ stepIndex: 0, baseReward: '1' }] }, /stepOutputs\[0\]/],
])('%o is an invalid score with the reason', (value, reason) => {
  expect(read(value)).toMatchObject({
    score: 0,
    is_score_valid: false,
    reason: expect.stringMatching(reason),
    error: expect.any(String),
  })
})

test('a score that is said to be invalid need not be one', () => {
  expect(read({ score: Number.NaN, isScoreValid: false, reason: 'no judge' })).toEqual({
    score: 0,
    is_score_valid: false,
    reason: 'no judge',
  })
})

test('half a character becomes a replacement, an escaped backslash before its digits does not', () => {
  const text = (reason: string) => read({ score: 1, reason }).reason
  expect(text('😀'.slice(0, 1))).toBe('\ufffd')
  expect(text('\\ud83d')).toBe('\\ud83d')
  expect(text('a\\😀')).toBe('a\\😀')
})

test('whatever is thrown is a reason', () => {
  const reason = (thrown: unknown) => JSON.parse(invalidFrom(thrown)).reason
  expect(reason(new RangeError('too far'))).toBe('The scorer threw RangeError: too far')
  expect(reason('text')).toBe("The scorer threw 'text'.")
  expect(reason(Object.create(null))).toMatch(/^The scorer threw /)
})
