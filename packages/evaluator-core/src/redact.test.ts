import { expect, test } from 'vitest'
import { keepSecret, redact } from './redact.ts'

test('a secret that was made known is gone, wherever it stands', () => {
  keepSecret('fw_MARKER_1234')
  expect(redact('a fw_MARKER_1234, "fw_MARKER_1234"')).toBe('a [redacted], "[redacted]"')
})

test('a short secret is not looked for: it would blank out plain words', () => {
  keepSecret('abc')
  expect(redact('abc')).toBe('abc')
})

test.each([
  ['authorization: Bearer fw_other', 'authorization: Bearer [redacted]'],
  ['see https://store.example/o?X-Goog-Signature=ab12&x=1 now', 'see https://store.example/o?[redacted] now'],
  ['X-Goog-Signature=ab12cd', 'X-Goog-Signature=[redacted]'],
  ['X-Amz-Signature=ab12cd&x', 'X-Amz-Signature=[redacted]&x'],
  ['https://a.example/path', 'https://a.example/path'],
])('%s', (text, clean) => {
  expect(redact(text)).toBe(clean)
})
