import type { Archive } from './archive/archive.ts'
import type { Pool, PoolOptions } from './http/connections.ts'
import type { ArchiveDownloadOptions, MatchOptions, PackOptions, UploadOptions } from './options.ts'
import type { DownloadedArchive } from './store/archive-download.ts'
import type { Download, DownloadOptions } from './store/download.ts'
import type { UploadResult } from './upload/upload.ts'

// What a script imports at its top must cost it nothing: the work behind each function is loaded with its first call
// (measured on Node 20: compression, hashing, TLS and child processes are most of 16 ms).

/**
 * Packs an evaluator and brings it to the service: look, and pack meanwhile; decide whether anything changed; create
 * it or prepare it in place; ask for a signed URL; PUT; validate; and, with `wait`, see the build end.
 *
 * @example
 * ```ts
 * const { name, evaluator } = await uploadEvaluator({ evaluatorId: 'my-evaluator', source: 'dist', wait: true })
 * ```
 * @throws EvaluatorUploadError whatever did not go well, with what was left where in its hint
 */
export async function uploadEvaluator(options: UploadOptions): Promise<UploadResult> {
  const { uploadEvaluator } = await import('./upload/upload.ts')
  return uploadEvaluator(options)
}

/**
 * Packs a source into `<evaluatorId>.tar.gz` with the one top folder `<evaluatorId>/`: the same files give the same
 * bytes on every machine. No network. Call `dispose()` when the archive is not needed any more.
 *
 * @example
 * ```ts
 * const archive = await packEvaluator({ evaluatorId: 'my-evaluator', source: 'evaluator' })
 * console.log(archive.size, archive.sha256)
 * await archive.dispose()
 * ```
 * @throws EvaluatorUploadError FW_CONFIG, FW_SOURCE, FW_SECRET, FW_ABORTED; no temporary file is left behind then
 */
export async function packEvaluator(options: PackOptions): Promise<Archive> {
  const { packEvaluator } = await import('./archive/pack.ts')
  return packEvaluator(options)
}

/**
 * The files below `dir` that the globs in `patterns` mean, sorted; .gitignore has no say, and what never goes up is
 * not among them. Only folders that a pattern can reach are read; links to folders only where a pattern names them.
 * @throws FW_CONFIG where a pattern is absolute or leaves `dir`; `option` is its name in the message
 */
export async function matchFiles(
  dir: string,
  patterns: readonly string[],
  options: MatchOptions = {},
): Promise<string[]> {
  const { matchFiles } = await import('./source/folder.ts')
  return matchFiles(dir, patterns, options)
}

/**
 * Those of `paths` that no upload sends because of their names, with the rule: version control, and what looks like a
 * secret and is not among `allowSecrets`. For whoever unpacks an archive of somebody else: a `.git/config` runs
 * commands.
 */
export async function findNeverSent(
  paths: readonly string[],
  { allowSecrets = [] }: Pick<PackOptions, 'allowSecrets'> = {},
): Promise<{ path: string; rule: string }[]> {
  const [{ findNeverSent }, { compileGlobs }] = await Promise.all([
    import('./source/left-out.ts'),
    import('./source/globs.ts'),
  ])
  const allowed = await compileGlobs(allowSecrets, 'allowSecrets')
  return findNeverSent(paths, allowed.file)
}

/**
 * What a signed URL for download holds, as a stream. Sends no credentials, follows no redirect, and repeats what
 * fails for a passing reason until the body begins.
 * @throws EvaluatorUploadError FW_SIGNED_URL, FW_NETWORK, FW_TIMEOUT, FW_ABORTED
 */
export async function openDownload(url: string, options: DownloadOptions = {}): Promise<Download> {
  const { openDownload } = await import('./store/download.ts')
  return openDownload(url, options)
}

/**
 * Writes the archive that the service holds of an evaluator to `outFile`, and compares its md5 with the store's. A
 * download that breaks off, or brings other bytes, begins anew with a fresh URL, as often as `retry` says.
 *
 * @returns size and md5; `undefined` where the store already names `knownMd5`, and nothing was fetched
 * @example
 * ```ts
 * const archive = await downloadArchive('my-evaluator', { outFile: 'my-evaluator.tar.gz' })
 * ```
 * @throws EvaluatorUploadError FW_NOT_FOUND or FW_CONFLICT where there is no archive, FW_INTEGRITY, FW_SOURCE where it
 * is larger than `maxBytes`, …; an error of the file system as Node has it, where `outFile` cannot be written
 */
export async function downloadArchive(
  evaluator: string,
  options: ArchiveDownloadOptions,
): Promise<DownloadedArchive | undefined> {
  const { downloadArchive } = await import('./store/archive-download.ts')
  return downloadArchive(evaluator, options)
}

/**
 * Connections for many uploads at once, which honour HTTP(S)_PROXY and NO_PROXY as a single upload does.
 *
 * @example
 * ```ts
 * const { dispatcher, close } = await openPool()
 * await Promise.allSettled(folders.map((source) => uploadEvaluator({ evaluatorId: source, source, dispatcher })))
 * await close()
 * ```
 * @throws EvaluatorUploadError FW_CONFIG where a variable names no proxy that can be used
 */
export async function openPool(options: PoolOptions = {}): Promise<Pool> {
  const { openPool } = await import('./http/connections.ts')
  return openPool(options)
}
