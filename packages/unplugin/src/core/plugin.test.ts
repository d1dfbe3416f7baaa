import { expect, test } from 'vitest'
import { createInstance, isFailure, refuseTwins } from './plugin.ts'

const nameOf = (evaluatorId: string, accountId?: string) => createInstance({ evaluatorId, accountId })?.name

test('a name for each evaluator', () => {
  expect(nameOf('a')).toBe('fw-evaluator:a')
  expect(nameOf('a', 'acme')).toBe('fw-evaluator:acme:a')
  expect(nameOf('accounts/acme/evaluators/a', 'acme')).toBe('fw-evaluator:accounts/acme/evaluators/a')
})

test('two plugins for one evaluator are refused, other plugins are not looked at', () => {
  const [one, two] = [{ name: 'fw-evaluator:a' }, { name: 'fw-evaluator:b' }]
  const others = [null, undefined, false, 'x', {}, { name: 'vite:css' }, { name: 'vite:css' }]
  expect(() => refuseTwins([one, two, ...others], 'fw-evaluator:a')).not.toThrow()
  expect(() => refuseTwins([one, two, one], 'fw-evaluator:a')).toThrow(
    /the evaluator a is named by two plugins/,
  )
})

test('a failure is known by its hints', () => {
  expect(isFailure(Object.assign(new Error('a'), { hints: [] }))).toBe(true)
  expect(isFailure(new Error('a'))).toBe(false)
  expect(isFailure({ hints: [] })).toBe(false)
})

test('nothing is uploaded, and nothing loaded for it, where nothing was written', async () => {
  const host = { root: '/', stream: {}, info: () => {}, warn: () => {} }
  await createInstance({ evaluatorId: 'a' })?.upload([{ label: 'client', outputs: [] }], host)
})
