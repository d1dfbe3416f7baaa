import { resolveConfig } from '../config/config.ts'
import { parseEvaluatorName } from '../config/evaluator-id.ts'
import { EvaluatorUploadError } from '../errors.ts'
import { checkOptions } from '../option-table.ts'
import { PACK_OPTIONS, type PackOptions } from '../options.ts'
import { createPace, rejectOnAbort, throwIfAborted } from '../pace.ts'
import { cleanLogger, guardListener } from '../progress.ts'
import { listEntries } from '../source/collect.ts'
import { compileGlobs } from '../source/globs.ts'
import type { LeftOut } from '../source/left-out.ts'
import { checkNames } from '../source/names.ts'
import { findEntryPoint, type Preflight } from '../source/preflight.ts'
import { lineAt, type SourceEntry } from '../source/read-entry.ts'
import type { Archive } from './archive.ts'
import { createDigests } from './digests.ts'
import { createBlockPool, parallelGzip } from './gzip.ts'
import { checkPathsForSecret, createSecretScan } from './secret-scan.ts'
import { createSpool, type Spool } from './spool.ts'
import { tarBlocks } from './tar.ts'

const MIB = 1024 * 1024

/** What will be packed: chosen and checked, but for the secret scan not yet read. */
export interface CollectedSource {
  readonly options: PackOptions
  /** The folder that was given, absolute; the working directory for a map of files. */
  readonly dir: string
  /** In the order of the archive. */
  readonly entries: readonly SourceEntry[]
  readonly leftOut: readonly LeftOut[]
  readonly preflight: Preflight
}

/** Documented for users in api.ts. */
export async function packEvaluator(options: PackOptions): Promise<Archive> {
  checkOptions(options, PACK_OPTIONS, 'packEvaluator')
  const { evaluatorId } = parseEvaluatorName(options.evaluatorId)
  const { apiKey } = await resolveConfig({ apiKey: options.apiKey })
  return packSource({ ...options, evaluatorId, apiKey, logger: cleanLogger(options.logger) })
}

/**
 * Packs a source into `<evaluatorId>.tar.gz` with the one top folder `<evaluatorId>/`: the same files give the same
 * bytes on every machine. Call `dispose()` when the archive is not needed any more.
 * @throws EvaluatorUploadError FW_SOURCE, FW_SECRET, FW_ABORTED, or FW_CONFIG for a glob that can't be meant; no
 * temporary file is left behind then.
 */
export async function packSource(options: PackOptions): Promise<Archive> {
  const emit = guardListener(options.onProgress, options.logger)
  const began = performance.now()
  emit({ type: 'start', step: 'pack' })
  const source = await collectSource(options)
  const { noEntryPoint } = source.preflight
  if (noEntryPoint) options.logger?.info(`${noEntryPoint.message}; an upload would fail.`)
  const archive = await writeArchive({ ...source, options: { ...options, onProgress: emit } })
  emit({ type: 'end', step: 'pack', ms: performance.now() - began })
  return archive
}

/** Chooses the files and checks all that can be checked before they are read: the first half of packing. */
export async function collectSource(options: PackOptions): Promise<CollectedSource> {
  const { evaluatorId, source, outFile, signal } = options
  return inContext(evaluatorId, async () => {
    const pace = createPace(signal)
    await pace()
    const { entries, leftOut, dir } = await listEntries(
      source,
      { fileName: fileNameOf(evaluatorId), outFile },
      options,
    )
    const paths = entries.map(({ path }) => path)
    // First of all, since the other messages show paths.
    checkPathsForSecret(paths, options.apiKey)
    // With thousands of files each of these takes its time, and a connection is under way.
    await pace()
    checkNames(paths)
    await pace()
    const preflight = await findEntryPoint(options.entryPoint, entries, pace, options.logger)
    return { options, dir, entries, leftOut, preflight }
  })
}

/** Reads, scans and compresses the files: the second half of packing. `signal` replaces that of the options. */
export async function writeArchive(
  source: CollectedSource,
  signal: AbortSignal | undefined = source.options.signal,
): Promise<Archive> {
  const { options, leftOut } = source
  const { entryPoint } = source.preflight
  const { evaluatorId, outFile } = options
  return inContext(evaluatorId, async () => {
    const fileName = fileNameOf(evaluatorId)
    const spool = createSpool(fileName, outFile)
    try {
      const written = await writeTo(spool, source, signal)
      const body = spool.finish()
      const dispose = async (): Promise<void> => spool.discard()
      return { fileName, ...written, leftOut, ...(entryPoint !== undefined && { entryPoint }), body, dispose }
    } catch (error) {
      spool.discard()
      throw error
    }
  })
}

async function writeTo(
  spool: Spool,
  { options, entries }: CollectedSource,
  signal: AbortSignal | undefined,
): Promise<Pick<Archive, 'size' | 'sha256' | 'md5' | 'entries'>> {
  const digests = createDigests()
  const packed: { path: string; size: number }[] = []
  const allowed = await compileGlobs(options.allowSecrets ?? [], 'allowSecrets')
  const scan = createSecretScan(options.apiKey, allowed.file)
  const pointers: string[] = []
  const progress = createPackProgress(options.onProgress ?? (() => {}))
  const pool = createBlockPool()
  let size = 0

  const blocks = tarBlocks(options.evaluatorId, entries, pool.take, {
    piece(path, bytes) {
      scan.piece(path, bytes)
      if (isLfsPointer(bytes)) pointers.push(path)
      progress.add(bytes.length)
    },
    endOfFile(path, length) {
      scan.endOfFile()
      packed.push({ path, size: length })
    },
  })
  const sink = async (piece: Uint8Array): Promise<void> => {
    throwIfAborted(signal)
    await digests.update(piece)
    size += piece.length
    await spool.write(piece)
  }
  const abort = rejectOnAbort(signal)
  try {
    // Blocks that are being deflated can't be called back, so that an abort does not wait for them.
    await Promise.race([parallelGzip(blocks, pool, sink), abort.promise])
  } finally {
    abort.clear()
    // Closes the file that is being read.
    blocks.return()
  }
  progress.end()
  scan.end((path, offset) => lineAt(entries, path, offset))
  if (pointers.length > 0) options.logger?.warn(describePointers(pointers))
  return { size, ...(await digests.end()), entries: packed }
}

/** What git checks out in place of a large file where git-lfs is not installed, or was told to fetch none. */
function isLfsPointer(bytes: Uint8Array): boolean {
  const isShort = bytes.length < 1024 && bytes[0] === 0x76
  return isShort && Buffer.from(bytes).toString('latin1', 0, 34) === 'version https://git-lfs.github.com'
}

function describePointers(paths: readonly string[]): string {
  const others = paths.length > 3 ? ` and ${paths.length - 3} more` : ''
  return `In place of ${paths.slice(0, 3).join(', ')}${others} only a pointer of Git LFS goes up. Run \`git lfs pull\` first.`
}

/** Tells how many bytes of the source were packed, at most once a MiB and once at the end. */
function createPackProgress(emit: NonNullable<PackOptions['onProgress']>): {
  add(bytes: number): void
  end(): void
} {
  let done = 0
  let told = 0
  return {
    add(bytes) {
      done += bytes
      if (done - told < MIB) return
      told = done
      emit({ type: 'bytes', step: 'pack', done })
    },
    end() {
      if (done > told) emit({ type: 'bytes', step: 'pack', done, total: done })
    },
  }
}

function fileNameOf(evaluatorId: string): string {
  return `${evaluatorId}.tar.gz`
}

/** Of "ENAMETOOLONG: name too long, scandir …", since a reader has not asked for a path of that length. */
function systemReason(error: unknown): string {
  if (!(error instanceof Error) || !('syscall' in error)) return ''
  const [, code, reason] = /^([A-Z0-9]+): ([^,]+)/.exec(error.message) ?? []
  return code === undefined ? '' : `: ${reason} (${code})`
}

/** Says which evaluator it was about, since a build may have several. */
export async function inContext<T>(evaluatorId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof EvaluatorUploadError)) {
      const isGone = error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd'
      const why = isGone ? ': the working directory does not exist any more' : systemReason(error)
      throw new EvaluatorUploadError('FW_SOURCE', `Evaluator ${evaluatorId} could not be packed${why}.`, {
        hint: isGone ? 'Change to a folder that exists, or give the source by its whole path.' : undefined,
        cause: error,
      })
    }
    if (error.code === 'FW_ABORTED' || error.code === 'FW_TIMEOUT') throw error
    const { code, hint, cause } = error
    throw new EvaluatorUploadError(code, `Evaluator ${evaluatorId}: ${error.message.replace(/\.?$/, '.')}`, {
      hint,
      cause,
    })
  }
}
