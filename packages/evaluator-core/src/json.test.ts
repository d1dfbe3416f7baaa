import { expect, test } from 'vitest'
import { parseRecord } from './json.ts'

test.each([
  ['an object', '{"a":[1,{"b":"c"}]}', { a: [1, { b: 'c' }] }],
  ['brackets in strings', `{"a":"${'[{'.repeat(500)}\\""}`, { a: `${'[{'.repeat(500)}"` }],
  ['a list', '[1]', undefined],
  ['a cut-off object', '{"a":', undefined],
  ['a hundred levels', `{"a":${'['.repeat(99)}${']'.repeat(99)}}`, expect.anything()],
  ['more', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, undefined],
  ['a million levels', `{"a":${'[{"b":'.repeat(500_000)}`, undefined],
])('%s', (_, text, value) => {
  expect(parseRecord(text)).toEqual(value)
})
