import { describe, expect, test } from 'vitest'
import { checkNames } from './names.ts'

const refused = (message: RegExp): object =>
  expect.objectContaining({
    code: 'FW_SOURCE',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/./),
  })

describe('a name that some filesystem cannot hold is refused', () => {
  test.each([
    ['a:b', /":" is not allowed/],
    ['a/b?.py', /"\?" is not allowed/],
    ['a<b', /"<"/],
    ['a|b', /"\|"/],
    ['a"b', /is not allowed/],
    ['a*', /"\*"/],
    ['a\\b', /is not allowed/],
    ['a\nb', /^a\\nb cannot be packed: "\\n"/],
    ['a\u007fb', /is not allowed/],
    ['con', /reserved/],
    ['a/NUL.txt', /"NUL.txt" is a reserved name/],
    ['com1', /reserved/],
    ['lpt².log', /reserved/],
    ['a./b', /"a\." ends in a dot or a space/],
    ['a ', /ends in a dot or a space/],
    ['a\uD800b', /not valid UTF-8/],
    ['a\uFFFDb', /not valid UTF-8/],
    [`${'ä'.repeat(128)}`, /over 255 bytes/],
    [`d/${'x'.repeat(256)}`, /over 255 bytes/],
    ['../x', /not a plain path/],
  ])('%j', (path, message) => {
    expect(() => checkNames(['ok.py', path])).toThrow(refused(message))
  })

  test('in the folder of a file too, wherever it stands', () => {
    expect(() => checkNames(['aux/a', 'aux/b'])).toThrow(refused(/"aux" is a reserved/))
  })
})

test('all other names are fine', () => {
  checkNames([
    'a b/c.py',
    'console.py',
    'com10',
    'ä/漢字/😀',
    '.x',
    'a..b',
    `${'x'.repeat(255)}`,
    "it's (1) [2] {3} +,;=@#$%^&~`!",
    'a/b',
    'a/c/d',
  ])
})

describe('two paths that one filesystem takes for one are refused, both named', () => {
  test.each([
    ['README', 'readme', /^README and readme differ in case only/],
    ['a/x.py', 'A/y.py', /^a and A differ in case only/],
    ['Ä', 'ä', /^Ä and ä differ in case only/],
    ['\u00e9', 'e\u0301', /differ in Unicode form only/],
    ['a/\u00e9/b', 'a/e\u0301/c', /differ in Unicode form only/],
    ['a', 'a/b', /^a is both a file and a folder/],
    ['x/a/b', 'x/a', /^x\/a is both a file and a folder/],
  ])('%j and %j', (a, b, message) => {
    expect(() => checkNames([a, b])).toThrow(refused(message))
  })

  test('shows what looks the same as escapes', () => {
    expect(() => checkNames(['\u00e9', 'e\u0301'])).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(String.raw`\u{e9} and e\u{301}`) }),
    )
  })
})
