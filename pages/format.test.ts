import { expect, test } from 'vitest'
import { formatBytes, formatPercent, plural, printable } from './format.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_960, '1.0 MB'],
])('formatBytes(%d)', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

test.each([
  [1 - 2.3 / 760, '99.7 %'],
  [1, '100 %'],
  [0.99999, '99.9 %'],
  [0.00001, '0.1 %'],
  [0, '0 %'],
  [-0.1429, '−14.3 %'],
])('formatPercent(%d)', (share, text) => expect(formatPercent(share)).toBe(text))

test('plural', () => {
  expect([plural(1, 'file'), plural(10_000, 'file')]).toEqual(['1 file', '10,000 files'])
})

test('printable', () => {
  expect(printable('a\u001b[31m\u202eb\u2028')).toBe('a\uFFFD[31m\uFFFDb\uFFFD')
})
