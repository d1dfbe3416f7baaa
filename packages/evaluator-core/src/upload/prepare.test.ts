import { expect, test } from 'vitest'
import { changedFields } from './prepare.ts'

test('only what differs is named', () => {
  const held = { displayName: 'a', description: 'b', state: 'ACTIVE' } as const
  expect(changedFields({ displayName: 'a', description: 'c' }, held)).toEqual({ description: 'c' })
})

test('unset and empty are the same, whichever side has it', () => {
  expect(changedFields({ displayName: '' }, {})).toEqual({})
  expect(changedFields({ displayName: 'x' }, { displayName: '' })).toEqual({ displayName: 'x' })
})

test('of an object only the given parts count', () => {
  const held = { source: { type: 'TYPE_GITHUB', githubRepositoryName: 'a/b' } } as const
  expect(changedFields({ source: { githubRepositoryName: 'a/b' } }, held)).toEqual({})
  expect(changedFields({ source: { githubRepositoryName: 'a/c' } }, held)).toEqual({
    source: { githubRepositoryName: 'a/c' },
  })
  expect(changedFields({ source: { type: 'TYPE_UPLOAD' } }, {})).toEqual({ source: { type: 'TYPE_UPLOAD' } })
})
