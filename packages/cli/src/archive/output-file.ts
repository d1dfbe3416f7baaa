import { once } from 'node:events'
import { constants, createWriteStream, openSync, rmSync } from 'node:fs'
import { lstat, mkdir, mkdtemp, readlink, rename, stat, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { basename, dirname, join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { EvaluatorUploadError } from '@fw/evaluator-core'
import { isMissingWorkingDirectory, systemReason } from '../terminal/system-error.ts'

/** The target of a flag such as `--out`. */
export interface OutputFile {
  /** As given; for a folder, with the name of the file. */
  readonly shown: string
  /** Absolute; links are followed. */
  readonly path: string
  /** A device or a named pipe: it is written to, never replaced. */
  readonly isStream: boolean
}

/** The longest chain of links, as in Linux. */
const MAX_LINKS = 40
const STDOUT: ReadonlySet<string> = new Set(['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])

/**
 * Resolves `given`. A folder, or a path that ends in a slash, means the file `fileName` in it; a missing folder is
 * created. A link means its target.
 * @throws EvaluatorUploadError FW_SOURCE if it cannot be written
 */
export async function outputFile(given: string, fileName: string): Promise<OutputFile> {
  if (STDOUT.has(given)) return { shown: given, path: given, isStream: true }
  try {
    const isFolder = /[/\\]$/.test(given) || (await stat(given).catch(() => undefined))?.isDirectory()
    if (isFolder) await makeFolder(given)
    const shown = isFolder ? join(given, fileName) : given
    const path = await followLinks(resolve(shown))
    const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    return { shown, path, isStream: stats !== undefined && !stats.isFile() }
  } catch (cause) {
    throw cannotWrite(given, cause)
  }
}

/**
 * Makes a folder and those above it. Not by mkdir's `recursive`, which goes on for ever where the system makes no
 * folder and says ENOENT, as below /proc.
 * @throws Error of the file system
 */
export async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return
  if (dirname(folder) !== folder) await makeFolder(dirname(folder))
  try {
    await mkdir(folder)
  } catch (error) {
    // Another process may have made it in between.
    if (!(await isFolder(folder))) throw error
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** Also resolves a link whose target does not exist yet. */
async function followLinks(path: string): Promise<string> {
  let target = path
  for (let links = 0; links < MAX_LINKS; links++) {
    const stats = await lstat(target).catch(() => undefined)
    if (!stats?.isSymbolicLink()) return target
    target = resolve(dirname(target), await readlink(target))
  }
  throw Object.assign(new Error('too many links'), { code: 'ELOOP' })
}

/** Writes `content`: a file completely or not at all, a device or pipe directly. */
export async function writeOutput(
  { shown, path, isStream }: OutputFile,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (isStream) {
      const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content
      await writeThrough(path, pieces, signal)
      return
    }
    await withScratch(join(dirname(path), `.${basename(path)}-`), async (folder) => {
      const whole = join(folder, 'whole')
      await writeFile(whole, content, { signal })
      await rename(whole, path)
    })
  } catch (cause) {
    if (signal.aborted) throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted.')
    throw cannotWrite(shown, cause)
  }
}

async function writeThrough(
  path: string,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  if (STDOUT.has(path)) {
    for await (const piece of pieces)
      if (!process.stdout.write(piece)) await once(process.stdout, 'drain', { signal })
    return
  }
  const isPipe = (await stat(path)).isFIFO()
  const target = isPipe ? await openPipe(path, signal) : createWriteStream(path)
  await pipeline(Readable.from(pieces), target, { signal })
}

/** Milliseconds between two checks whether somebody reads from a pipe. */
const READER_POLL_MS = 50

/** Opening a pipe without a reader would block a thread, which no signal can end. */
async function openPipe(path: string, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
      return new Socket({ fd, readable: false, writable: true })
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENXIO') throw error
      await sleep(READER_POLL_MS, undefined, { signal })
    }
  }
}

/** A target that cannot be written is an error of the user: it names the target and the reason. */
export function cannotWrite(path: string, cause: unknown): unknown {
  const reason = systemReason(cause)
  const isOurs = cause instanceof EvaluatorUploadError || isMissingWorkingDirectory(cause)
  if (reason === undefined || isOurs) return cause
  const why = reason.includes('ENOENT') ? 'its folder does not exist (ENOENT)' : reason
  return new EvaluatorUploadError('FW_SOURCE', `${path} cannot be written: ${why}.`, {
    hint: 'Choose another path, or free some space and check the permissions.',
    cause,
  })
}

/**
 * Creates a folder `<prefix>` with six letters, and removes it afterwards, also if the second Ctrl-C ends the process.
 */
export async function withScratch<T>(prefix: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(prefix)
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  try {
    return await work(folder)
  } finally {
    process.off('exit', remove)
    remove()
  }
}
