import { createHash } from 'node:crypto'
import { appendFileSync, chmodSync, truncateSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Header, Pax } from 'tar'
import { describe, expect, test } from 'vitest'
import { temporaryFolder, temporaryTree } from '../../test/test-tree.ts'
import type { SourceEntry } from '../source/read-entry.ts'
import { tarBlocks, tarHeader } from './tar.ts'

/** As another implementation reads it. */
function decode(header: Buffer): { path: unknown; size: unknown; mode: unknown; pax: boolean } {
  const first = new Header(header)
  if (first.type !== 'ExtendedHeader') {
    expect(first.cksumValid).toBe(true)
    return { path: first.path, size: first.size, mode: first.mode, pax: false }
  }
  const pax = Pax.parse(header.subarray(512, 512 + (first.size ?? 0)).toString(), undefined)
  const file = new Header(header, header.length - 512, pax)
  expect(first.cksumValid && file.cksumValid).toBe(true)
  return { path: file.path, size: file.size, mode: file.mode, pax: true }
}

describe('a header', () => {
  test.each([
    ['short', 'e/a.py', false],
    ['of 100 bytes', `e/${'x'.repeat(98)}`, false],
    ['that fits prefix and name', `e/${'d'.repeat(150)}/${'x'.repeat(100)}`, false],
    ['with a longer name', `e/${'x'.repeat(101)}`, true],
    ['with a longer prefix', `e/${'d'.repeat(160)}/${'x'.repeat(99)}`, true],
    ['that is not ASCII', 'e/ä.py', true],
    ['of 1000 bytes, where the length of a record gains a digit', `e/${'é/'.repeat(330)}x`, true],
    ['with a line end', 'e/a=b c', false],
  ])('bears a path %s', (_, path, pax) => {
    expect(decode(tarHeader(path, 5, false))).toEqual({ path, size: 5, mode: 0o644, pax })
  })

  test.each(Array.from({ length: 12 }, (_, i) => 85 + i))(
    'counts the digits of a record of about 100: %i',
    (length) => {
      const path = `e/ä${'x'.repeat(length)}`
      expect(decode(tarHeader(path, 0, true))).toEqual({ path, size: 0, mode: 0o755, pax: true })
    },
  )

  test.each([
    [8 * 1024 ** 3 - 1, false],
    [8 * 1024 ** 3, true],
    [1024 ** 5, true],
  ])('bears the size %i', (size, pax) => {
    expect(decode(tarHeader('e/a', size, false))).toEqual({ path: 'e/a', size, mode: 0o644, pax })
  })
})

test('the bytes of headers are these, whatever release of tar is bundled', () => {
  const headers = [
    tarHeader('e/a.py', 5, false),
    tarHeader(`e/${'d'.repeat(150)}/${'x'.repeat(100)}`, 0, true),
    tarHeader('e/\u00e4/\u6f22.py', 8 * 1024 ** 3, false),
    tarHeader(`e/${'x'.repeat(200)}.py`, 1, true),
  ]
  const digest = createHash('sha256').update(Buffer.concat(headers)).digest('hex')
  expect(digest).toMatchInlineSnapshot(`"8cc484ed5db446e3eeae0c329458b7cfd2a5ed47331be0fa93476fc1a1b04ae2"`)
  expect(headers.map(({ length }) => length)).toEqual([512, 512, 1536, 1536])
})

describe('a file that does not keep still', () => {
  const BLOCK = 64 * 1024
  const silent = { piece() {}, endOfFile() {} }

  /** Reads the first block of a file of four, does `harm`, and reads on. */
  function readWith(harm: (file: string) => void): () => void {
    const file = join(temporaryFolder(), 'a.bin')
    writeFileSync(file, Buffer.alloc(4 * BLOCK))
    utimesSync(file, 1_000_000, 1_000_000)
    const entries: SourceEntry[] = [{ path: 'a.bin', content: { file } }]
    const blocks = tarBlocks('e', entries, () => Buffer.alloc(BLOCK), silent)
    blocks.next()
    harm(file)
    return () => void [...blocks]
  }

  test.each([
    ['shrinks', (file: string) => truncateSync(file, BLOCK)],
    ['grows', (file: string) => appendFileSync(file, 'x')],
    ['is written anew', (file: string) => writeFileSync(file, Buffer.alloc(4 * BLOCK, 1))],
  ])('is an error: it %s', (_, harm) => {
    expect(readWith(harm)).toThrow(
      expect.objectContaining({ code: 'FW_SOURCE', message: 'a.bin changed while it was packed' }),
    )
  })

  test('is fine when it is only removed, since it is open', () => {
    expect(readWith((file) => unlinkSync(file))).not.toThrow()
  })

  test('is an error when it is gone before', () => {
    const dir = temporaryTree({ a: 'x' })
    const blocks = tarBlocks(
      'e',
      [{ path: 'a', content: { file: join(dir, 'b') } }],
      () => Buffer.alloc(BLOCK),
      silent,
    )
    expect(() => [...blocks]).toThrow(expect.objectContaining({ message: 'a vanished before it was packed' }))
  })

  const readAll = (file: string): (() => void) => {
    const blocks = tarBlocks('e', [{ path: 'a', content: { file } }], () => Buffer.alloc(BLOCK), silent)
    return () => void [...blocks]
  }

  test.skipIf(process.platform === 'win32')('is an error when it is a folder by now', () => {
    expect(readAll(temporaryFolder())).toThrow(
      expect.objectContaining({ message: 'a changed while it was packed' }),
    )
  })

  // Root may read everything.
  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'is an error when it may not be read',
    () => {
      const file = join(temporaryTree({ a: 'x' }), 'a')
      chmodSync(file, 0)
      expect(readAll(file)).toThrow(
        expect.objectContaining({
          code: 'FW_SOURCE',
          message: 'a cannot be read',
          cause: expect.objectContaining({ code: 'EACCES' }),
        }),
      )
    },
  )
})

test('the event loop gets its turn when reading takes long', () => {
  const entries = Array.from({ length: 3 }, (_, i) => ({ path: `${i}`, content: new Uint8Array(10) }))
  const slow = {
    piece() {
      const until = performance.now() + 15
      while (performance.now() < until);
    },
    endOfFile() {},
  }
  const blocks = [...tarBlocks('e', entries, () => Buffer.alloc(64 * 1024), slow)]
  expect(blocks.filter((block) => block.length === 0).length).toBeGreaterThanOrEqual(3)
})

test('the event loop is given back although whoever takes the blocks never waits', () => {
  const BLOCK = 64 * 1024
  const entries = Array.from({ length: 10 }, (_, i) => ({ path: `${i}`, content: Buffer.alloc(BLOCK) }))
  const slow = {
    piece() {
      const until = performance.now() + 6
      while (performance.now() < until);
    },
    endOfFile() {},
  }
  const blocks = [...tarBlocks('e', entries, () => Buffer.alloc(BLOCK), slow)]
  // 60 ms in all, of which at most 10 and a piece of 6 may pass at once.
  expect(blocks.filter(({ length }) => length === 0).length).toBeGreaterThanOrEqual(3)
})
