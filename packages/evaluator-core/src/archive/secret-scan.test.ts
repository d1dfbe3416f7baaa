import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { random, withChecksum } from '../../test/made-up-secrets.ts'
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

describe('the key in use is found', () => {
  const keys = fc.string({ unit: fc.constantFrom(...'aeNZq07_-.+/~ü'), minLength: 8, maxLength: 40 })
  const filler = fc.string({ unit: fc.constantFrom(...'aeNZq07_-=% '), maxLength: 30 })
  const text = Buffer.from

  const FORMS: [string, (key: string, before: string) => Buffer][] = [
    ['in base64', (key, before) => text(text(`${before}${key}:`).toString('base64'))],
    ['in base64 for URLs', (key, before) => text(text(`${before}${key}:`).toString('base64url'))],
    ['percent-encoded', (key) => text(encodeURIComponent(key))],
    [
      'percent-encoded to the last sign',
      (key) =>
        text(
          encodeURIComponent(key)
            .replace(/[_.~-]/g, (sign) => `%${text(sign).toString('hex')}`)
            .replace(/%../g, (escaped) => escaped.toLowerCase()),
        ),
    ],
    ['in UTF-16', (key) => text(key, 'utf16le')],
  ]
  test.each(FORMS)('%s', (_, write) => {
    fc.assert(
      fc.property(keys, filler, filler, (key, before, after) => {
        const scan = createSecretScan(key)
        const bytes = Buffer.concat([text(before), write(key, before), text(after)])
        expect(() => {
          scan.piece('a.txt', bytes.subarray(0, 11))
          scan.piece('a.txt', bytes.subarray(11))
        }).toThrow(`a.txt contains the API key that this upload would use`)
      }),
    )
  })

  test('in a long line of base64, wherever it is cut', () => {
    const key = `fw_${random(22)}`
    const blob = (before: number): Buffer =>
      text(text(`${'x'.repeat(before)}${key}${'y'.repeat(9000)}`).toString('base64'))
    for (const before of [3000, 3001, 3002]) {
      const bytes = blob(before)
      for (let cut = 3960; cut < 4080; cut++) {
        const scan = createSecretScan(key)
        expect(() => {
          scan.piece('a.map', bytes.subarray(0, cut))
          scan.piece('a.map', bytes.subarray(cut))
        }).toThrow('in base64')
      }
    }
  })

  test('also in a file that may look like a secret', () => {
    const scan = createSecretScan(KEY, () => true)
    expect(() => scan.piece('a', Buffer.from(KEY))).toThrow('contains the API key')
  })
})

test('files that may look like secrets are told by their path', () => {
  const scan = createSecretScan(undefined, (path) => path.startsWith('fixtures/'))
  for (const path of ['fixtures/a', 'b', 'fixtures/c', 'd']) {
    scan.piece(path, Buffer.from(`first\n${withChecksum('ghp')}`))
    scan.endOfFile()
  }
  expect(() => scan.end((_, offset) => offset)).toThrow(
    /: b, line 6 \(GitHub token\); d, line 6 \(GitHub token\)$/,
  )
})

test('what is found is named, and never shown; of many only some', () => {
  const scan = createSecretScan(undefined)
  const token = withChecksum('npm')
  for (let i = 0; i < 25; i++) {
    scan.piece(`${i}.txt`, Buffer.from(token))
    scan.endOfFile()
  }
  const end = (): void => scan.end(() => 1)
  expect(end).toThrow(/0\.txt, line 1 \(npm token\); .*19\.txt, line 1 \(npm token\); and 5 more$/)
  expect(end).not.toThrow(token)
})
