import { expect, test } from 'vitest'
import { checkRows } from './rows.ts'

const ROW = '{"messages":[{"role":"user","content":"2 + 2?"}],"ground_truth":"4"}'
const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding)

test.each([
  ['without a line feed at the end', ROW],
  ['with empty lines, and those of Windows', `${ROW}\r\n\r\n  \n${ROW}\n\n`],
  ['with what ends a line for Unicode alone', ROW.replace('2 + 2', 'a\u2028b\u2029c\u0085d')],
  ['without messages, as another rollout makes them', '{"question":"2 + 2?"}'],
  [
    'with parts, and a call of a tool',
    '{"messages":[{"role":"a","content":[]},{"role":"b","content":null},{"role":"c"}]}',
  ],
])('a dataset %s is one', (_, text) => {
  expect(() => checkRows(bytes(text))).not.toThrow()
})

test.each([
  ['', /no row/],
  ['\n \r\n', /no row/],
  [`${ROW}\n\n{"a":1,}\n`, /^Line 3 is no JSON object\.$/],
  [`[${ROW},\n${ROW}]`, /^Line 1 is no JSON object/],
  [`${ROW}\n7`, /^Line 2 is no JSON object/],
  // Python ends a line there, in the middle of the object.
  ['{"a":1,\r"b":2}', /^Line 1 is no JSON object/],
  [`\ufeff${ROW}`, /^Line 1 begins with a byte order mark/],
  ['\ufeff\n', /^Line 1 begins with a byte order mark/],
  ['{"messages":"2 + 2?"}', /^Line 1 has messages that are no list/],
  [`${ROW}\n{"messages":[{"content":"2 + 2?"}]}`, /^Line 2 has a message that is none: it needs a role/],
  ['{"messages":[{"role":"user","content":4}]}', /^Line 1 has a message that is none/],
])('%j is none', (text, why) => {
  expect(() => checkRows(bytes(text))).toThrow(why)
})

test('what is no UTF-8 is none', () => {
  expect(() => checkRows(bytes(`${ROW}\n{"a":"gr\u00fc\u00dfe"}`, 'latin1'))).toThrow(/^Line 2 is no UTF-8/)
  expect(() => checkRows(bytes(ROW, 'utf16le'))).toThrow(/^Line 1/)
})
