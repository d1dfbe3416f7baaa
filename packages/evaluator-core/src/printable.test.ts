// biome-ignore-all lint/suspicious/noControlCharactersInRegex: they are what is looked for
import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printable } from './printable.ts'

test.each([
  ['a colour', '\x1b[31mred\x1b[0m', 'red'],
  ['a cleared screen', 'a\x1b[2Jb', 'ab'],
  ['a title', 'a\x1b]0;mine\x07b', 'ab'],
  ['a title with the C1 form and end', 'a\x9d0;mine\x9cb', 'ab'],
  ['a link', '\x1b]8;;https://x.example\x1b\\here\x1b]8;;\x1b\\', 'here'],
  ['a string without an end, which takes the line and no more', 'a\x1bPmine\nb', 'a\nb'],
  ['a colour in C1', '\x9b31mred', 'red'],
  ['a reset', 'a\x1bcb', 'ab'],
  ['another character set', 'a\x1b(0b', 'ab'],
  ['an escape at the end', 'a\x1b', 'a\uFFFD'],
  ['a bell and a backspace', 'a\x07b\b\bc', 'a\uFFFDb\uFFFD\uFFFDc'],
  ['NUL and DEL', 'a\0b\x7f', 'a\uFFFDb\uFFFD'],
  ['a carriage return', 'real\rfake', 'real\nfake'],
  ['the line ends of Windows', 'a\r\nb\r\n', 'a\nb\n'],
  ['an override of the direction', 'a\u202egnp.exe', 'a\uFFFDgnp.exe'],
  ['isolates and marks', '\u2066a\u2069\u200e\u200f\u061c', '\uFFFDa\uFFFD\uFFFD\uFFFD\uFFFD'],
])('%s', (_, text, shown) => {
  expect(printable(text)).toBe(shown)
})

test('words of all languages, tabs and line ends stay', () => {
  const text = 'naïve\tمرحبا שלום\n日本語 🎉\u{10ffff}'
  expect(printable(text)).toBe(text)
})

test('of no text is anything left that a terminal obeys', () => {
  const pieces = fc.constantFrom(
    '\x1b',
    '[',
    ']',
    '0',
    ';',
    'm',
    '\x07',
    '\\',
    '\x9b',
    '\x9d',
    '\r',
    '\n',
    'é',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (array) => {
      const shown = printable(array.join(''))
      expect(shown).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
      expect(stripVTControlCharacters(shown)).toBe(shown)
    }),
  )
})

test('a megabyte of beginnings takes no longer than one of words', () => {
  const began = performance.now()
  printable('\x1b]'.repeat(500_000))
  printable('\x1b['.repeat(500_000))
  expect(performance.now() - began).toBeLessThan(2000)
})
