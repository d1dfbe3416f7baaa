import { closeSync, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs'
import { sep } from 'node:path'
import { EvaluatorUploadError } from '../errors.ts'

/** A file of the archive to be. */
export interface SourceEntry {
  /** Below the top folder, with `/` between names. */
  readonly path: string
  readonly content: Uint8Array | FileLocation
  /** The empty requirements.txt of a source that has none. */
  readonly isAdded?: boolean
}

/**
 * An absolute path, or the folder that the entry's own path is relative to. All files of a walk share one such
 * folder: with 100,000 files, a second path of each was a third of their memory.
 */
export type FileLocation = { readonly file: string } | { readonly root: string }

/** The file that an entry is read from. */
export function fileOf(path: string, location: FileLocation): string {
  return 'file' in location ? location.file : `${location.root}${sep}${path}`
}

/** The whole of an entry, for what is looked at before anything is packed. */
export function readBytes({ path, content }: SourceEntry): Buffer {
  if (content instanceof Uint8Array)
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  try {
    return readFileSync(fileOf(path, content))
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

/**
 * Whether it is a `.pem` file with a private key in it, by its own name or that of the file it is taken from.
 * Certificates in the same format are no secret, and an evaluator may need them.
 */
export function holdsPrivateKey({ path, content }: SourceEntry): boolean {
  const isBytes = content instanceof Uint8Array
  if (!/\.pem$/i.test(path) && (isBytes || !('file' in content) || !/\.pem$/i.test(content.file)))
    return false
  if (isBytes) return isPrivateKey(Buffer.from(content).toString('latin1'))
  try {
    return isPrivateKey(readFileSync(fileOf(path, content), 'latin1'))
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function isPrivateKey(text: string): boolean {
  return /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)
}

/** An entry while its content is read. */
export interface OpenEntry {
  /** Bytes. */
  readonly size: number
  /** By the owner. Always false for bytes, and on Windows, whose filesystems don't know. */
  readonly isExecutable: boolean
  /** Fills the start of `space` and returns how many bytes came, at least one. */
  read(space: Uint8Array): number
  /** To be called after the last byte: throws where the file is not what it was when it was opened. */
  checkUnchanged(): void
  close(): void
}

/** A read of this length takes 0.1 ms from the page cache, and holds the event loop for not too long elsewhere. */
const MAX_READ_BYTES = 256 * 1024
const OWNER_EXECUTES = 0o100
const PROBE = Buffer.alloc(1)

/** @throws FW_SOURCE where it cannot be opened; so do the methods of the result where it cannot be read or changed */
export function openEntry({ path, content }: SourceEntry): OpenEntry {
  return content instanceof Uint8Array ? openBytes(content) : openFile(path, fileOf(path, content))
}

function openBytes(content: Uint8Array): OpenEntry {
  let at = 0
  return {
    size: content.length,
    isExecutable: false,
    read(space) {
      const part = content.subarray(at, at + space.length)
      space.set(part)
      at += part.length
      return part.length
    },
    checkUnchanged() {},
    close() {},
  }
}

function openFile(path: string, file: string): OpenEntry {
  const fd = attempt(path, () => openSync(file, 'r'))
  try {
    const before = attempt(path, () => fstatSync(fd))
    let reads = 0
    if (!before.isFile()) throw changed(path)
    return {
      size: before.size,
      isExecutable: process.platform !== 'win32' && (before.mode & OWNER_EXECUTES) !== 0,
      read(space) {
        const bytes = attempt(path, () =>
          readSync(fd, space, 0, Math.min(space.length, MAX_READ_BYTES), null),
        )
        if (bytes === 0) throw changed(path)
        reads++
        return bytes
      },
      checkUnchanged() {
        // What came in one read is of one moment, if only it was all: that is cheaper to ask than all about the file.
        const isWhole = reads < 2 ? readSync(fd, PROBE, 0, 1, null) === 0 : isSame(before, fstatSync(fd))
        if (!isWhole) throw changed(path)
      },
      close: () => closeSync(fd),
    }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work()
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

/** The error for a file that could not be opened or read. */
function unreadable(path: string, cause: unknown): EvaluatorUploadError {
  const isGone = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
  const message = isGone ? `${path} vanished before it was packed` : `${path} cannot be read`
  const hint = isGone
    ? 'Wait until whatever removes it has ended, and run again.'
    : 'Make it readable, or leave it out with `exclude`.'
  return new EvaluatorUploadError('FW_SOURCE', message, { hint, cause })
}

/** The line, from 1, of a byte in an entry. Read again for it: nobody counts the lines of what holds no secret. */
export function lineAt(entries: readonly SourceEntry[], path: string, offset: number): number {
  const entry = entries.find((candidate) => candidate.path === path)
  if (entry === undefined) return 1
  const file = openEntry(entry)
  const space = Buffer.alloc(64 * 1024)
  let line = 1
  try {
    for (let left = Math.min(offset, file.size); left > 0; ) {
      const read = file.read(space.subarray(0, left))
      for (const byte of space.subarray(0, read)) if (byte === 0x0a) line++
      left -= read
    }
  } finally {
    file.close()
  }
  return line
}
