import { closeSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { EvaluatorUploadError } from '../errors.ts'

/** A larger archive goes to a file. */
export const MEMORY_LIMIT_BYTES: number = 16 * 1024 * 1024

/** Bytes that are kept in memory while they are few, and in a private file when they are many. */
export interface Spool {
  write(piece: Uint8Array): Promise<void>
  /** No more comes. An `outFile` bears its name from here on. */
  finish(): { bytes: Uint8Array } | { path: string }
  /** Removes what is temporary. Safe to call twice, and at any time. */
  discard(): void
}

interface OpenFile {
  path: string
  fd: number
  /** Closes the file and removes it, and the folder that was made for it. */
  remove(): void
  /** From now on the file stays when the process ends. */
  keep(): void
}

/**
 * Files are written synchronously: a piece is a copy into the page cache, and a write under way could not be called
 * back on an abort, so that the file could not be closed at once. Signals and the end of the process remove the
 * file; `signal-exit` re-raises the signal and leaves it to a handler of the host if there is one.
 */
export function createSpool(
  fileName: string,
  outFile?: string,
  memoryLimit: number = MEMORY_LIMIT_BYTES,
): Spool {
  let pieces: Uint8Array[] = []
  let size = 0
  let file: OpenFile | undefined
  let isDiscarded = false

  async function open(): Promise<OpenFile | undefined> {
    // Loaded here, while the first blocks are deflated: packing need not wait for them.
    const [{ onExit }, { randomBytes }] = await Promise.all([import('signal-exit'), import('node:crypto')])
    if (isDiscarded) return undefined
    if (outFile === undefined) return openTemporary(fileName, onExit)
    return openPartial(resolve(outFile), randomBytes(6).toString('hex'), onExit)
  }

  return {
    async write(piece) {
      size += piece.length
      if (file === undefined && outFile === undefined && size <= memoryLimit) {
        // A copy: the piece may be the small used part of a large buffer.
        pieces.push(Uint8Array.from(piece))
        return
      }
      file ??= await open()
      if (file === undefined) return
      for (const kept of pieces) writeAll(file, kept)
      pieces = []
      writeAll(file, piece)
    },
    finish() {
      if (file === undefined) return { bytes: Buffer.concat(pieces) }
      closeFile(file)
      if (outFile === undefined) return { path: file.path }
      const path = resolve(outFile)
      try {
        renameSync(file.path, path)
      } catch (cause) {
        throw cannotWrite(path, cause)
      }
      file.keep()
      return { path }
    },
    discard() {
      isDiscarded = true
      pieces = []
      file?.remove()
      file = undefined
    },
  }
}

type OnExit = typeof import('signal-exit').onExit

function openTemporary(fileName: string, onExit: OnExit): OpenFile {
  const parent = tmpdir()
  try {
    const folder = mkdtempSync(join(parent, 'fw-evaluator-'))
    return openFile(
      join(folder, fileName),
      0o600,
      () => rmSync(folder, { recursive: true, force: true }),
      onExit,
    )
  } catch (cause) {
    throw cannotWrite(parent, cause)
  }
}

/** Beside its final name, since a rename is atomic only within a filesystem. */
function openPartial(outFile: string, random: string, onExit: OnExit): OpenFile {
  const path = join(dirname(outFile), `.${basename(outFile)}.${random}.partial`)
  try {
    return openFile(path, 0o666, () => rmSync(path, { force: true }), onExit)
  } catch (cause) {
    throw cannotWrite(outFile, cause)
  }
}

function openFile(path: string, mode: number, removeFile: () => void, onExit: OnExit): OpenFile {
  const forget = onExit(removeFile)
  try {
    const file: OpenFile = {
      path,
      fd: openSync(path, 'wx', mode),
      remove() {
        closeFile(file)
        forget()
        removeFile()
      },
      keep: forget,
    }
    return file
  } catch (error) {
    forget()
    removeFile()
    throw error
  }
}

function closeFile(file: OpenFile): void {
  if (file.fd < 0) return
  closeSync(file.fd)
  file.fd = -1
}

function writeAll(file: OpenFile, bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file.fd, bytes, at)
  } catch (cause) {
    throw cannotWrite(file.path, cause)
  }
}

function cannotWrite(path: string, cause: unknown): EvaluatorUploadError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const isFull = code === 'ENOSPC' || code === 'EDQUOT'
  const message = isFull
    ? `The disk is full: the archive could not be written to ${path}`
    : `The archive could not be written to ${path}`
  return new EvaluatorUploadError('FW_SOURCE', message, {
    hint: `${isFull ? 'Free some space' : 'Make the folder writable'}, or name another folder for temporary files in the variable ${process.platform === 'win32' ? 'TEMP' : 'TMPDIR'}.`,
    cause,
  })
}
