import { createHash } from 'node:crypto'
import { EvaluatorUploadError } from '@fw/evaluator-core'
import { faultOfEntry, plainPath } from './entry-names.ts'
import { pumpTar } from './tar-stream.ts'

/** A file in an archive. */
export interface ArchiveEntry {
  /** Relative to the top folder if the archive has one, with `/` between names. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Hex, of the content. */
  readonly sha256: string
}

export interface ArchiveContent {
  /** The top folder; missing if there is none. */
  readonly top?: string
  /** Sorted by path. */
  readonly entries: readonly ArchiveEntry[]
  /** Entries that must not be unpacked. */
  readonly faults: readonly EntryFault[]
  /** Bytes of all files. */
  readonly size: number
  /** Hex, of the archive itself. */
  readonly md5: string
  readonly sha256: string
  /** Bytes of the archive itself. */
  readonly packedSize: number
}

/** An entry that is not a file or folder, has a path outside of the archive, or would do harm when unpacked. */
export interface EntryFault {
  /** The path in the archive, with its top folder. */
  readonly path: string
  readonly why: string
}

interface ReadOptions {
  /** The limit for the bytes of all files; more is FW_SOURCE. */
  maxBytes?: number | undefined
  signal?: AbortSignal | undefined
}

/** More than any evaluator has. Each name takes memory. */
const MAX_ENTRIES = 200_000

/** Reads a whole .tar.gz, without writing anything. @throws EvaluatorUploadError FW_SOURCE, FW_ABORTED */
export async function readArchive(
  file: string,
  { maxBytes, signal }: ReadOptions = {},
): Promise<ArchiveContent> {
  const { Parser } = await import('tar')
  const files: ArchiveEntry[] = []
  const faults: EntryFault[] = []
  let size = 0
  let seen = 0

  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      seen++
      size += entry.size
      const path = plainPath(entry.path)
      const why = faultOfEntry(path, entry.type)
      if (why) faults.push({ path, why })
      if (entry.type !== 'File' && entry.type !== 'OldFile') return entry.resume()
      const hash = createHash('sha256')
      entry.on('data', (piece: Uint8Array) => hash.update(piece))
      entry.on('end', () => files.push({ path, size: entry.size, sha256: hash.digest('hex') }))
    },
  })
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  let packedSize = 0
  try {
    await pumpTar({ path: file }, parser, {
      signal,
      onPacked(piece) {
        md5.update(piece)
        sha256.update(piece)
        packedSize += piece.length
      },
      check() {
        if (maxBytes !== undefined && size > maxBytes) {
          throw new Error(`unpacked it has more than ${maxBytes} bytes`)
        }
        if (seen > MAX_ENTRIES) throw new Error(`it has more than ${MAX_ENTRIES} entries`)
      },
    })
  } catch (cause) {
    if (signal?.aborted) throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted.')
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new EvaluatorUploadError('FW_SOURCE', `${file} cannot be read as an archive: ${why}.`, { cause })
  }
  const top = commonTop(files)
  const cut = top === undefined ? 0 : top.length + 1
  const entries = files
    .map((entry) => ({ ...entry, path: entry.path.slice(cut) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  return {
    ...(top !== undefined && { top }),
    entries,
    faults,
    size,
    md5: md5.digest('hex'),
    sha256: sha256.digest('hex'),
    packedSize,
  }
}

function commonTop(files: readonly ArchiveEntry[]): string | undefined {
  const [first] = files
  const slash = first?.path.indexOf('/') ?? -1
  if (first === undefined || slash < 1) return undefined
  const top = first.path.slice(0, slash)
  return files.every(({ path }) => path.startsWith(`${top}/`)) ? top : undefined
}

interface TextOptions {
  /** The result of readArchive. */
  top: string | undefined
  /** Paths of the files, relative to the top folder. */
  paths: ReadonlySet<string>
  /** Nobody reads a larger text. */
  maxBytes: number
  signal: AbortSignal
}

/** The texts of some files of an archive, after {@link readArchive}. Files that are not UTF-8 are missing. */
export async function readTexts(
  file: string,
  { top, paths, maxBytes, signal }: TextOptions,
): Promise<Map<string, string>> {
  const { Parser } = await import('tar')
  const texts = new Map<string, string>()
  const cut = top === undefined ? 0 : top.length + 1
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      const path = plainPath(entry.path).slice(cut)
      if (!paths.has(path) || entry.size > maxBytes) return entry.resume()
      const pieces: Uint8Array[] = []
      entry.on('data', (piece: Uint8Array) => pieces.push(Uint8Array.from(piece)))
      entry.on('end', () => {
        const text = decodeText(Buffer.concat(pieces))
        if (text !== undefined) texts.set(path, text)
      })
    },
  })
  await pumpTar({ path: file }, parser, { signal })
  return texts
}

function decodeText(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
