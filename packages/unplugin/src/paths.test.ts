import { expect, test } from 'vitest'
import { commonFolder, holds } from './paths.ts'

test.for([
  [['/a/b'], '/a/b'],
  [['/a/b', '/a/b'], '/a/b'],
  [['/a/b', '/a/c'], '/a'],
  [['/a/b', '/a/bc'], '/a'],
  [['/a/b', '/a/b/c/d'], '/a/b'],
  [['/a', '/b'], '/'],
] as const)('the folder that holds %j is %s', ([folders, expected]) => {
  expect(commonFolder(folders)).toBe(expected)
})

test('holds', () => {
  expect(holds('/a', '/a')).toBe(true)
  expect(holds('/a', '/a/b')).toBe(true)
  expect(holds('/a', '/ab')).toBe(false)
  expect(holds('/', '/a')).toBe(true)
})
