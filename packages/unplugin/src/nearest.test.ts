import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

const KNOWN = ['include', 'exclude', 'evaluatorId', 'wait']

test.for([
  ['includes', 'include'],
  ['evaluatorID', 'evaluatorId'],
  ['evalautorId', 'evaluatorId'],
  ['wiat', undefined],
  ['waits', 'wait'],
  ['something', undefined],
  ['', undefined],
] as const)('%s → %s', ([name, expected]) => {
  expect(nearest(name, KNOWN)).toBe(expected)
})
