import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { EvaluatorUploadError } from './errors.ts'
import type { Pace } from './pace.ts'
import type { SourceEntry } from './source.ts'

/** Where the bytes of an entry go. */
export interface EntryTarget {
  /** Called once, before any content. */
  begin(size: number, isExecutable: boolean): Promise<void>
  /** Free memory for the next content, never empty. */
  space(): Buffer
  /** `bytes` of {@link space} have been filled. */
  advance(bytes: number): Promise<void>
}

/** A read of this length takes about 0.1 ms from the page cache. */
const MAX_READ_BYTES = 256 * 1024
const OWNER_EXECUTES = 0o100

/**
 * Reads one entry, straight into the memory of `target`. Synchronously: for small files it takes a tenth of the time
 * that promises take, and the deflating threads, which share libuv's pool with asynchronous reads, are kept busy.
 * @returns size in bytes
 * @throws FW_SOURCE where it cannot be read, or is not at the end what it was at the start
 */
export async function readEntry(
  { path, content }: SourceEntry,
  target: EntryTarget,
  pace: Pace,
): Promise<number> {
  if (content instanceof Uint8Array) {
    await target.begin(content.length, false)
    for (let at = 0; at < content.length; ) {
      const space = target.space()
      const part = content.subarray(at, at + space.length)
      space.set(part)
      at += part.length
      await target.advance(part.length)
      await pace()
    }
    return content.length
  }
  const fd = openFile(path, content.file)
  try {
    const before = fstatSync(fd)
    if (!before.isFile()) throw changed(path)
    await target.begin(before.size, process.platform !== 'win32' && (before.mode & OWNER_EXECUTES) !== 0)
    for (let left = before.size; left > 0; ) {
      const space = target.space()
      const bytes = readPiece(path, fd, space, Math.min(left, space.length, MAX_READ_BYTES))
      if (bytes === 0) throw changed(path)
      left -= bytes
      await target.advance(bytes)
      await pace()
    }
    if (!isSame(before, fstatSync(fd))) throw changed(path)
    return before.size
  } finally {
    closeSync(fd)
  }
}

function openFile(path: string, file: string): number {
  try {
    return openSync(file, 'r')
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function readPiece(path: string, fd: number, space: Buffer, length: number): number {
  try {
    return readSync(fd, space, 0, length, null)
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function isSame(a: Stats, b: Stats): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs
}

function changed(path: string): EvaluatorUploadError {
  return new EvaluatorUploadError('FW_SOURCE', `${path} changed while it was packed`, {
    hint: 'Wait until whatever writes it has ended, and run again.',
  })
}

export function unreadable(path: string, cause: unknown): EvaluatorUploadError {
  const isGone = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
  return new EvaluatorUploadError(
    'FW_SOURCE',
    isGone ? `${path} vanished before it was packed` : `${path} cannot be read`,
    {
      hint: isGone
        ? 'Wait until whatever removes it has ended, and run again.'
        : 'Make it readable, or leave it out with `exclude`.',
      cause,
    },
  )
}
