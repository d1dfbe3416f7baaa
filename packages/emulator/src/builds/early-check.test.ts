import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Blob } from '../state/blobs.ts'
import { tarGz } from '../testing/tar-gz.ts'
import { ArchiveFault } from './archive-check.ts'
import { beginCheck, checkedArchive } from './early-check.ts'

const archive = (): Buffer => Buffer.from(tarGz([{ path: 'top/requirements.txt', content: 'numpy\n' }]))

function blobOf(bytes: Buffer): Blob {
  return { size: bytes.length, md5: '', crc32c: '', where: { bytes } }
}

async function* piecesOf(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

/** Sends `bytes` through a check, and returns the blob that they become. */
async function receive(bytes: Buffer, length: number): Promise<Blob> {
  const check = beginCheck()
  const pieces: Uint8Array[] = []
  for await (const piece of check.through(piecesOf(bytes, length))) pieces.push(piece)
  const blob = blobOf(Buffer.concat(pieces))
  expect(Buffer.concat(pieces).equals(bytes)).toBe(true)
  check.became(blob)
  return blob
}

test('an archive is checked while it arrives, and only once', async () => {
  const blob = await receive(archive(), 7)
  if ('bytes' in blob.where) blob.where.bytes.fill(0)
  await expect(checkedArchive(blob)).resolves.toMatchObject({ files: ['requirements.txt'] })
  // No result was kept, so now the bytes are read.
  await expect(checkedArchive(blob)).rejects.toThrow(ArchiveFault)
})

test('an archive from before a restart is checked when it is needed', async () => {
  await expect(checkedArchive(blobOf(archive()))).resolves.toMatchObject({ top: 'top' })
})

test('a body that is not an archive is stored, and refused when it is needed', async () => {
  for (const bytes of [Buffer.alloc(3_000_000, 'no gzip'), gzipSync(Buffer.alloc(3_000_000, 'no tar'))]) {
    await expect(checkedArchive(await receive(bytes, 64 * 1024))).rejects.toThrow(ArchiveFault)
  }
})

test('a body that breaks off ends the check, too', async () => {
  const check = beginCheck()
  async function* broken(): AsyncGenerator<Buffer> {
    yield archive().subarray(0, 20)
    throw new Error('reset')
  }
  const reading = (async () => {
    for await (const _ of check.through(broken()));
  })()
  await expect(reading).rejects.toThrow('reset')
  const blob = blobOf(Buffer.alloc(0))
  check.became(blob)
  await expect(checkedArchive(blob)).rejects.toThrow(ArchiveFault)
})

test('a sender waits until the check has read what arrived', async () => {
  const bytes = Buffer.concat([archive(), Buffer.alloc(1024 * 1024)])
  let hasTurned = false
  setImmediate(() => {
    hasTurned = true
  })
  // The sender is as fast as its reader, so only the check makes it wait.
  for await (const _ of beginCheck().through(piecesOf(bytes, 64 * 1024)));
  expect(hasTurned).toBe(true)
})
