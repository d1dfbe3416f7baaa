import { expect, test } from 'vitest'
import { isEvaluatorId, nearestEvaluatorId, parseEvaluatorName } from './evaluator-id.ts'

test.each(['a', 'my-evaluator', 'a1', 'a--b', `a${'b'.repeat(62)}`])('%s is an id', (id) => {
  expect(parseEvaluatorName(id)).toEqual({ evaluatorId: id })
})

test('a resource name gives the account too', () => {
  expect(parseEvaluatorName('accounts/acme/evaluators/my-evaluator')).toEqual({
    evaluatorId: 'my-evaluator',
    accountId: 'acme',
  })
})

test.each([
  ['My Evaluator', 'my-evaluator'],
  ['1st', 'st'],
  ['größe', 'gro-e'],
  ['ends-', 'ends'],
  ['a_b.c', 'a-b-c'],
  ['a'.repeat(70), 'a'.repeat(63)],
])('%s is refused, and %s is shown', (id, nearest) => {
  expect(() => parseEvaluatorName(id)).toThrow(
    expect.objectContaining({ code: 'FW_CONFIG', hint: `For example: "${nearest}".` }),
  )
})

test.each(['', undefined, 7, '---', 'accounts/a/evaluators/', 'accounts/a/b/evaluators/c'])(
  '%s is refused',
  (id) => {
    expect(() => parseEvaluatorName(id)).toThrow(expect.objectContaining({ code: 'FW_CONFIG' }))
  },
)

test.each(['a?b', '..', 'acme-', 'ACME', 'a'.repeat(64)])(
  'the account %s is refused in a full name',
  (account) => {
    expect(() => parseEvaluatorName(`accounts/${account}/evaluators/e`)).toThrow(
      expect.objectContaining({ code: 'FW_CONFIG', message: expect.stringContaining(`"${account}"`) }),
    )
  },
)

test('whoever asks for an id can check it, and offer one', () => {
  expect(isEvaluatorId('my-evaluator')).toBe(true)
  expect(isEvaluatorId('accounts/acme/evaluators/my-evaluator')).toBe(false)
  expect(nearestEvaluatorId('@acme/Größe')).toBe('acme-gro-e')
  expect(nearestEvaluatorId('123')).toBeUndefined()
})
