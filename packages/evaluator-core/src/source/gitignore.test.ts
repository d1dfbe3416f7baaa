import { describe, expect, test } from 'vitest'
import { isIgnored, parseIgnoreFile } from './gitignore.ts'

describe('a single rule', () => {
  test.each([
    ['foo', 'foo', true],
    ['foo', 'a/foo', true],
    ['/foo', 'a/foo', false],
    ['a/foo', 'b/a/foo', false],
    ['*.map', 'dist/x.js.map', true],
    ['a/*.map', 'a/b/x.map', false],
    ['a/**/x', 'a/x', true],
    ['a/**/x', 'a/b/c/x', true],
    ['**/x', 'x', true],
    ['a/**', 'a', false],
    ['a?c', 'abc', true],
    ['?', 'ä', false],
    ['??', 'ä', true],
    ['[!a-c]', 'd', true],
    ['[!a-c]', 'b', false],
    ['[]x]', ']', true],
    ['[[:digit:]]', '5', true],
    ['[[:nonsense:]]', '5', false],
    ['[ab', 'a', false],
    [String.raw`\#x`, '#x', true],
    ['#x', '#x', false],
    [String.raw`\!x`, '!x', true],
    ['x  ', 'x', true],
    [String.raw`x\ `, 'x ', true],
    ['x\r', 'x', true],
    ['\uFEFFx', 'x', true],
    ['foo/', 'foo', false],
    ['', 'x', false],
    ['x\0junk', 'x', true],
    ['x\0junk', 'junk', false],
    [String.raw`a\*b`, 'a*b', true],
    ['*a*b*c', 'xaxbxc', true],
    ['**/a/**/b', 'x/a/y/z/b', true],
    ['a/**/b*c', 'a/x/bb/bxc', true],
    ['/', 'x', false],
  ])('%j on the file %j: %s', (pattern, path, expected) => {
    expect(isIgnored([parseIgnoreFile(pattern, '')], path, false)).toBe(expected)
  })

  test('that ends in a slash means folders only', () => {
    expect(isIgnored([parseIgnoreFile('foo/', '')], 'a/foo', true)).toBe(true)
  })

  test('the last line that matches wins, and the nearest file', () => {
    const root = parseIgnoreFile('*.log\n!keep.log', '')
    expect(isIgnored([root], 'keep.log', false)).toBe(false)
    expect(isIgnored([root, parseIgnoreFile('keep.log', 'a/')], 'a/keep.log', false)).toBe(true)
    expect(isIgnored([root, parseIgnoreFile('keep.log', 'a/')], 'b/keep.log', false)).toBe(false)
  })
})

test.each([
  ['FOO', 'foo', true],
  ['*.Log', 'x.LOG', true],
  ['/Build/x', 'build/X', true],
  ['[A-C]x', 'bX', true],
  ['[[:upper:]]', 'a', true],
  ['Ä', 'ä', false],
])('where case is folded, %j on the file %j: %s', (pattern, path, expected) => {
  expect(isIgnored([parseIgnoreFile(pattern, '', true)], path, false)).toBe(expected)
  expect(isIgnored([parseIgnoreFile(pattern, '')], path, false)).toBe(false)
})

test.each([`${'*?'.repeat(12)}b`, `${'*a'.repeat(12)}b`, `${'**/'.repeat(12)}b`, `${'a/**/*a*'.repeat(6)}b`])(
  'the pattern %s takes no seconds',
  (pattern) => {
    const ignore = parseIgnoreFile(pattern, '')
    const began = performance.now()
    for (const path of ['a'.repeat(250), 'a/'.repeat(120)])
      expect(isIgnored([ignore], path, false)).toBe(false)
    expect(performance.now() - began).toBeLessThan(500)
  },
)
