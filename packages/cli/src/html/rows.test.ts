import { expect, test } from 'vitest'
import type { ReportArchive, ReportFile } from './report-data.ts'
import { filterRows, joinRows, type Query, sortRows } from './rows.ts'

function archive(...files: ReportFile[]): ReportArchive {
  return { path: 'x', kind: 'archive', packedSize: 1, sha256: '', md5: '', leftOut: [], problems: [], files }
}

const before = archive(['a.js', 10, 8, 'one'], ['lib/b.js', 20, 9, 'two'], ['lib/c.js', 5, 5, 'three'])
const after = archive(['a.js', 10, 8, 'one'], ['lib/b.js', 21, 9, 'other'], ['library.js', 1, 3, 'four'])
const everything: Query = { folder: '', text: '', change: '' }
const paths = (rows: readonly { path: string }[]): string[] => rows.map(({ path }) => path)

test('one archive: no file has changed', () => {
  expect(joinRows([before])).toMatchObject([
    { path: 'a.js', first: { size: 10, compressed: 8 }, second: undefined, change: 'same' },
    { path: 'lib/b.js', change: 'same' },
    { path: 'lib/c.js', change: 'same' },
  ])
})

test('two archives are joined by path, and compared by content', () => {
  expect(joinRows([before, after]).map(({ path, change }) => [path, change])).toEqual([
    ['a.js', 'same'],
    ['lib/b.js', 'changed'],
    ['lib/c.js', 'removed'],
    ['library.js', 'added'],
  ])
})

test('filters by folder, by all words in any case, and by kind of change', () => {
  const rows = joinRows([before, after])
  expect(filterRows(rows, everything)).toHaveLength(4)
  expect(paths(filterRows(rows, { ...everything, folder: 'lib' }))).toEqual(['lib/b.js', 'lib/c.js'])
  expect(paths(filterRows(rows, { ...everything, text: ' JS  lib/ c' }))).toEqual(['lib/c.js'])
  expect(paths(filterRows(rows, { ...everything, change: 'added' }))).toEqual(['library.js'])
})

test('sorts by a key in both directions, and equal rows by path', () => {
  const rows = joinRows([archive(['b', 1, 1, ''], ['c', 2, 1, ''], ['a', 1, 1, ''])])
  const size = sortRows(rows, ({ first }) => first?.size ?? 0, true)
  expect(paths(size)).toEqual(['c', 'a', 'b'])
  expect(paths(sortRows(rows, ({ path }) => path, false))).toEqual(['a', 'b', 'c'])
})
