import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { EvaluatorUploadError } from '@fw/evaluator-core'

/** A file in an archive. */
export interface ArchiveEntry {
  /** Below the top folder where the whole archive has one, with `/` between names. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Hex, of the content. */
  readonly sha256: string
}

export interface ArchiveContent {
  /** The folder that everything is in; missing where there is none. */
  readonly top?: string
  /** Sorted by path. */
  readonly entries: readonly ArchiveEntry[]
  /** What is neither a file nor a folder, or lies where it should not: such an archive is not unpacked. */
  readonly unsafe: readonly string[]
  /** Bytes of all files. */
  readonly size: number
  /** Hex, of the archive itself. */
  readonly md5: string
  readonly sha256: string
  /** Bytes of the archive itself. */
  readonly packedSize: number
}

interface ReadOptions {
  /** Bytes that the files may have in all; more is FW_SOURCE. */
  maxBytes?: number | undefined
  signal?: AbortSignal | undefined
}

/** More names than any evaluator has; each takes memory. */
const MAX_ENTRIES = 200_000

/** Reads a .tar.gz through, without writing anything. @throws EvaluatorUploadError FW_SOURCE, FW_ABORTED */
export async function readArchive(
  file: string,
  { maxBytes, signal }: ReadOptions = {},
): Promise<ArchiveContent> {
  const { Parser } = await import('tar')
  const files: ArchiveEntry[] = []
  const unsafe: string[] = []
  let size = 0
  let seen = 0
  let problem: string | undefined

  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      seen++
      size += entry.size
      const why = faultOf(entry.path, entry.type)
      if (why) unsafe.push(`${entry.path}: ${why}`)
      if (maxBytes !== undefined && size > maxBytes) problem = `unpacked it has more than ${maxBytes} bytes`
      if (seen > MAX_ENTRIES) problem = `it has more than ${MAX_ENTRIES} entries`
      if (entry.type !== 'File' && entry.type !== 'OldFile') return entry.resume()
      const hash = createHash('sha256')
      entry.on('data', (piece: Uint8Array) => hash.update(piece))
      entry.on('end', () =>
        files.push({ path: entry.path.replace(/^\.\//, ''), size: entry.size, sha256: hash.digest('hex') }),
      )
    },
  })
  const ended = new Promise<void>((resolve, reject) => {
    parser.on('end', resolve)
    parser.on('error', reject)
  })
  ended.catch(() => {})
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  let packedSize = 0
  try {
    for await (const piece of createReadStream(file, { signal })) {
      md5.update(piece)
      sha256.update(piece)
      packedSize += piece.length
      parser.write(piece)
      if (problem) throw new Error(problem)
    }
    parser.end()
    await ended
    if (problem) throw new Error(problem)
  } catch (cause) {
    if (signal?.aborted) throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted.')
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new EvaluatorUploadError('FW_SOURCE', `${file} is no archive that can be read: ${why}.`, { cause })
  }
  const top = commonTop(files)
  const cut = top === undefined ? 0 : top.length + 1
  const entries = files
    .map((entry) => ({ ...entry, path: entry.path.slice(cut) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  return {
    ...(top !== undefined && { top }),
    entries,
    unsafe,
    size,
    md5: md5.digest('hex'),
    sha256: sha256.digest('hex'),
    packedSize,
  }
}

function faultOf(path: string, type: string): string | undefined {
  if (/^[/\\]|^[A-Za-z]:/.test(path)) return 'is absolute'
  if (path.split(/[/\\]/).includes('..')) return 'leaves the folder'
  if (path.includes('\\')) return 'has a backslash, which is a separator on Windows'
  if (!['File', 'OldFile', 'Directory'].includes(type)) return `is a ${type}, neither file nor folder`
  return undefined
}

function commonTop(files: readonly ArchiveEntry[]): string | undefined {
  const [first] = files
  const slash = first?.path.indexOf('/') ?? -1
  if (first === undefined || slash < 1) return undefined
  const top = first.path.slice(0, slash)
  return files.every(({ path }) => path.startsWith(`${top}/`)) ? top : undefined
}
