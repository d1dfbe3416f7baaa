import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { temporaryFolder } from '../../test/test-tree.ts'
import { createSpool } from './spool.ts'

const disk = vi.hoisted(() => ({ isFull: false }))

// A full disk can't be had without being root.
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  return {
    ...fs,
    writeSync(fd: number, bytes: Uint8Array, at: number) {
      if (disk.isFull)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      // A part only, as a real write may do.
      return fs.writeSync(fd, bytes, at, Math.min(3, bytes.length - at))
    },
  }
})

test('what is over the limit goes to a file, with all that came before', async () => {
  vi.stubEnv('TMPDIR', temporaryFolder())
  const { readFileSync } = await import('node:fs')
  const spool = createSpool('e.tar.gz', undefined, 5)
  for (const text of ['abc', 'de', 'fghij']) await spool.write(Buffer.from(text))
  const body = spool.finish()
  expect('path' in body && readFileSync(body.path, 'utf8')).toBe('abcdefghij')
  spool.discard()
  spool.discard()
})

test('the pieces kept in memory are copies', async () => {
  const spool = createSpool('e.tar.gz')
  const piece = Buffer.from('abc')
  await spool.write(piece)
  piece.fill('x')
  expect(spool.finish()).toEqual({ bytes: Buffer.from('abc') })
})

test('a full disk is named, with what to do, and leaves nothing', async () => {
  const folder = temporaryFolder()
  vi.stubEnv('TMPDIR', folder)
  disk.isFull = true
  try {
    for (const outFile of [undefined, join(folder, 'out.tar.gz')]) {
      const spool = createSpool('e.tar.gz', outFile, 5)
      await expect(spool.write(Buffer.from('abcdefgh'))).rejects.toMatchObject({
        code: 'FW_SOURCE',
        message: expect.stringMatching(/^The disk is full: .*e?\.tar\.gz/),
        hint: expect.stringMatching(/Free some space/),
        cause: { code: 'ENOSPC' },
      })
      spool.discard()
      expect(readdirSync(folder)).toEqual([])
    }
  } finally {
    disk.isFull = false
  }
})

test('an outFile in a folder that is not there is an error', async () => {
  const outFile = join(temporaryFolder(), 'no', 'out.tar.gz')
  await expect(createSpool('e.tar.gz', outFile).write(Buffer.from('a'))).rejects.toMatchObject({
    code: 'FW_SOURCE',
    message: expect.stringContaining(outFile),
  })
})
