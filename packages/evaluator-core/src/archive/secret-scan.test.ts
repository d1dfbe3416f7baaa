import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSecretScan } from './secret-scan.ts'

const KEY = 'fw_AAAAAAAB'

/** Whether the key is found in a file that arrives in pieces of these lengths. */
function isFound(bytes: Buffer, lengths: readonly number[]): boolean {
  const scan = createSecretScan(KEY)
  try {
    let at = 0
    for (const length of [...lengths, bytes.length]) {
      scan.piece('a', bytes.subarray(at, at + length))
      at += length
    }
    return false
  } catch {
    return true
  }
}

test('a key is found however the file is cut', () => {
  const filler = fc.string({ unit: fc.constantFrom('f', 'w', '_', 'A', 'B'), maxLength: 30 })
  const lengths = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 })
  fc.assert(
    fc.property(filler, filler, fc.boolean(), lengths, (before, after, isThere, cut) => {
      const text = before + (isThere ? KEY : '') + after
      expect(isFound(Buffer.from(text), cut)).toBe(text.includes(KEY))
    }),
  )
})

test('a key does not reach from one file into the next', () => {
  const scan = createSecretScan(KEY)
  scan.piece('a', Buffer.from(KEY.slice(0, 5)))
  scan.endOfFile()
  expect(() => scan.piece('b', Buffer.from(KEY.slice(5)))).not.toThrow()
})

test.each([undefined, '', 'short'])(
  'without a key worth the name, as %j, nothing is looked for',
  (secret) => {
    expect(() => createSecretScan(secret).piece('a', Buffer.from('short'))).not.toThrow()
  },
)
