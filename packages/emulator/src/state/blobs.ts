import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createDigester, type Digest } from './digest.ts'

/** Without a folder, bodies up to this size stay in memory. */
const inMemoryBytes = 4 * 1024 * 1024

/** Bytes that arrived completely and never change. `file` is an absolute path. */
export interface Blob extends Digest {
  where: { bytes: Buffer } | { file: string }
}

/** Keeps the bytes of objects. */
export interface BlobStorage {
  /** Stores all of `body`. If it ends too early, stores nothing. */
  receive(body: AsyncIterable<Uint8Array>, expectedBytes: number): Promise<Blob>
  remove(blob: Blob): Promise<void>
  /** Removes every file that is not in `kept`: those that a killed process left. */
  sweep(kept: readonly Blob[]): Promise<void>
  /** Removes the folder if it is a temporary one. */
  dispose(): Promise<void>
}

/** @param dir the folder for blobs; without it they are in memory, big ones in a temporary folder */
export function createBlobStorage(dir: string | undefined): BlobStorage {
  let lent: Promise<string> | undefined
  const folder = async (): Promise<string> => {
    if (dir === undefined) {
      lent ??= mkdtemp(join(tmpdir(), `fw-emulator-${process.pid}-`))
      return lent
    }
    await mkdir(dir, { recursive: true, mode: 0o700 })
    return dir
  }
  return {
    async receive(body, expectedBytes) {
      if (dir === undefined && expectedBytes <= inMemoryBytes) return toMemory(body)
      return toFile(body, join(await folder(), randomUUID()), dir !== undefined)
    },
    async remove({ where }) {
      if ('file' in where) await rm(where.file, { force: true })
    },
    async sweep(kept) {
      if (dir === undefined) return
      const files = new Set(kept.map(({ where }) => ('file' in where ? where.file : '')))
      const found = (await readdir(await folder())).map((name) => join(dir, name))
      await Promise.all(found.filter((file) => !files.has(file)).map((file) => rm(file, { force: true })))
    },
    async dispose() {
      if (lent) await rm(await lent, { recursive: true, force: true })
    },
  }
}

/** The bytes from `start` to before `end`, as a stream. */
export function openBlob({ where, size }: Blob, start = 0, end: number = size): Readable {
  if (end <= start) return Readable.from([])
  if ('bytes' in where) return Readable.from([where.bytes.subarray(start, end)])
  return createReadStream(where.file, { start, end: end - 1 })
}

export async function readBlob({ where }: Blob): Promise<Buffer> {
  return 'bytes' in where ? where.bytes : readFile(where.file)
}

async function toMemory(body: AsyncIterable<Uint8Array>): Promise<Blob> {
  const digester = createDigester()
  const chunks: Uint8Array[] = []
  for await (const chunk of body) {
    digester.update(chunk)
    chunks.push(chunk)
  }
  return { ...digester.digest(), where: { bytes: Buffer.concat(chunks) } }
}

/** @param durable waits until the bytes are on the disk */
async function toFile(body: AsyncIterable<Uint8Array>, file: string, durable: boolean): Promise<Blob> {
  const digester = createDigester()
  const part = `${file}.part`
  const handle = await open(part, 'wx', 0o600)
  try {
    for await (const chunk of body) {
      digester.update(chunk)
      await handle.writeFile(chunk)
    }
    // The bytes must be on disk before the state that names the blob.
    if (durable) await handle.sync()
    await handle.close()
    await rename(part, file)
  } catch (error) {
    await handle.close().catch(() => {})
    await rm(part, { force: true })
    throw error
  }
  return { ...digester.digest(), where: { file } }
}
