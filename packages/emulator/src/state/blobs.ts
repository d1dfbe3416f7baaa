import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createDigester, type Digest } from './digest.ts'

/** Bodies up to this size stay in memory where no folder was given. */
const inMemoryBytes = 4 * 1024 * 1024

/** Bytes that have arrived whole; they never change. `file` is an absolute path. */
export interface Blob extends Digest {
  where: { bytes: Buffer } | { file: string }
}

/** Where the bytes of objects are. */
export interface BlobStorage {
  /** Takes all of `body`. Nothing is left behind when it ends too early. */
  receive(body: AsyncIterable<Uint8Array>, expectedBytes: number): Promise<Blob>
  remove(blob: Blob): Promise<void>
  /** Removes every file but those of `kept`: what a killed process left behind. */
  sweep(kept: readonly Blob[]): Promise<void>
  /** Removes the folder, where it was only lent by the system. */
  dispose(): Promise<void>
}

/** @param dir where blobs outlive the process; without it they are in memory, big ones in a temporary folder */
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
    // The state that names this blob must not be on disk before the blob's bytes are.
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
