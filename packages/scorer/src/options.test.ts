import { expect, test } from 'vitest'
import { type RunOptions, resolveRunOptions } from './options.ts'

test('defaults: one model, asked once, no threshold, a minute a row', () => {
  expect(resolveRunOptions({})).toEqual({
    completionParams: [{ model: 'accounts/fireworks/models/gpt-oss-120b' }],
    rollout: 'single-turn',
    passedThreshold: undefined,
    timeoutMs: 60_000,
  })
  expect(resolveRunOptions({ rollout: 'none' }).completionParams).toBeUndefined()
})

test('a number is the threshold of success', () => {
  expect(resolveRunOptions({ passedThreshold: 0.5 }).passedThreshold).toEqual({ success: 0.5 })
})

const wrong: [string, object][] = [
  ['completionParams', { completionParams: [] }],
  ['completionParams', { completionParams: ['gpt'] }],
  ['completionParams', { completionParams: { model: 'a' } }],
  ['completionParams', { completionParams: [{ model: 'a', temperature: Number.NaN }] }],
  ['completionParams', { completionParams: [{ model: 'a', key: () => 'k' }] }],
  ['completionParams', { completionParams: [{ temperature: 0 }] }],
  ['completionParams', { completionParams: [{ model: ' ' }] }],
  ['completionParams', { completionParams: [{ model: 'a', since: new Date() }] }],
  ['completionParams', { completionParams: [{ model: 'a', all: new Map() }] }],
  ['completionParams', { completionParams: [{ model: 'a', count: 1n }] }],
  ['rollout', { rollout: 'multi' }],
  ['rollout', { rollout: { remote: 'https://a.test', timeout: 1 } }],
  ['rollout', { rollout: { remote: 'example.org' } }],
  ['rollout', { rollout: null }],
  ['passedThreshold', { passedThreshold: 2 }],
  ['passedThreshold', { passedThreshold: { standardError: 0.1 } }],
  ['passedThreshold', { passedThreshold: { success: 0.1, standardError: 7 } }],
  ['passedThreshold', { passedThreshold: null }],
  ['passedThreshold', { passedThreshold: { success: 0.1, standard_error: 0.1 } }],
  ['timeoutMs', { timeoutMs: 0 }],
  ['timeoutMs', { timeoutMs: '60' }],
]
test.each(wrong)('%s is checked: %o', (name, options: RunOptions) => {
  expect(() => resolveRunOptions(options)).toThrow(new RegExp(`^${name} must be`))
})
