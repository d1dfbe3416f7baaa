import { expect, test } from 'vitest'
import { keepSecret, keepSignature, redact } from './redact.ts'

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
  ['GoogleAccessId=x&Signature=ab12cd&Expires=1', 'GoogleAccessId=x&Signature=[redacted]&Expires=1'],
  ['x-amz-signature%3Dab12cd%26x', 'x-amz-signature%3D[redacted]%26x'],
  [
    'https%3A%2F%2Fstore.example%2Fo%3FX-Goog-Signature%3Dab12 now',
    'https%3A%2F%2Fstore.example%2Fo?[redacted] now',
  ],
  ['through http://me:word@proxy.example:3128', 'through http://[redacted]@proxy.example:3128'],
  ['https://a.example/path', 'https://a.example/path'],
])('%s', (text, clean) => {
  expect(redact(text)).toBe(clean)
})

const KEY = 'fw_MARKER+key/5678'

test.each([
  ['percent-encoded', encodeURIComponent(KEY)],
  ['percent-encoded twice', encodeURIComponent(encodeURIComponent(KEY))],
  ['percent-encoded letter by letter', [...Buffer.from(KEY)].map((byte) => `%${byte.toString(16)}`).join('')],
  ['in another case', KEY.toUpperCase()],
  ...['', 'B', 'Be', 'Bearer '].map((before) => [
    `in base64 behind "${before}"`,
    Buffer.from(`${before}${KEY}!`).toString('base64'),
  ]),
  ['in base64url', Buffer.from(`Bearer ${KEY}`).toString('base64url')],
])('a key is known %s', (_, form) => {
  keepSecret(KEY)
  const shown = redact(`before ${form} after`)
  expect(shown).toMatch(/^before .{0,12}\[redacted\].{0,4} after$/)
  expect(Buffer.from(shown.replace('[redacted]', ''), 'base64').toString()).not.toContain('MARKER')
})

test('a long signature costs little where it is not: its pattern takes 50 ms to compile', () => {
  keepSignature(`https://store.example/o?X-Goog-Signature=${'ab12cd34'.repeat(64)}`)
  const before = process.cpuUsage()
  for (let i = 0; i < 10; i++) redact(`${i} {"name":"accounts/a/evaluators/e"}`.repeat(30))
  expect(process.cpuUsage(before).user).toBeLessThan(25_000)
  expect(redact(`a ${'AB12cd34'.repeat(64)} b`)).toBe('a [redacted] b')
})

test('a signature alone is known, once its URL was seen', () => {
  keepSignature(
    `https://store.example/o?X-Goog-SignedHeaders=content-type%3Bhost&sig=MARKERSIGNATURE%2B12345`,
  )
  expect(redact('MARKERSIGNATURE+12345, MARKERSIGNATURE%2B12345')).toBe('[redacted], [redacted]')
  expect(redact('content-type;host')).toBe('content-type;host')
})
