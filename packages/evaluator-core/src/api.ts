import type { Archive } from './archive/archive.ts'
import type { Pool, PoolOptions } from './http/connections.ts'
import type { ArchiveDownloadOptions, MatchOptions, PackOptions, UploadOptions } from './options.ts'
import type { DownloadedArchive } from './store/archive-download.ts'
import type { Download, DownloadOptions } from './store/download.ts'
import type { UploadResult } from './upload/upload.ts'

// An import must cost a script nothing, so the first call of each function loads its code (measured on Node 20:
// compression, hashing, TLS and child processes are most of 16 ms).

/**
 * Packs an evaluator and uploads it: packs while it asks for the state of the evaluator; sends nothing if nothing has
 * changed; creates the evaluator or prepares it in place; asks for a signed URL; sends the archive; validates; and,
 * with `wait`, waits for the end of the build.
 *
 * @example
 * ```ts
 * const { name, evaluator } = await uploadEvaluator({ evaluatorId: 'my-evaluator', source: 'dist', wait: true })
 * ```
 * @throws EvaluatorUploadError on every failure; its hint says what is left at the service, and what to do next
 */
export async function uploadEvaluator(options: UploadOptions): Promise<UploadResult> {
  const { uploadEvaluator } = await import('./upload/upload.ts')
  return uploadEvaluator(options)
}

/**
 * Packs a source into `<evaluatorId>.tar.gz`, with one top folder `<evaluatorId>/`. The same files give the same bytes
 * on every machine. Uses no network. Call `dispose()` when you do not need the archive any more.
 *
 * @example
 * ```ts
 * const archive = await packEvaluator({ evaluatorId: 'my-evaluator', source: 'evaluator' })
 * console.log(archive.size, archive.sha256)
 * await archive.dispose()
 * ```
 * @throws EvaluatorUploadError FW_CONFIG, FW_SOURCE, FW_SECRET, FW_ABORTED; then no temporary file is left
 */
export async function packEvaluator(options: PackOptions): Promise<Archive> {
  const { packEvaluator } = await import('./archive/pack.ts')
  return packEvaluator(options)
}

/**
 * Finds the files below `dir` that match the globs, sorted. Includes files that git ignores, but no file that an upload
 * never sends. Reads only folders that a glob can reach, and follows links to folders only if a glob names them.
 *
 * @example
 * ```ts
 * const paths = await matchFiles('evaluator', ['*.py', 'data/**'])
 * ```
 * @throws EvaluatorUploadError FW_CONFIG if a glob is absolute or leaves `dir`
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
 * Finds the paths that no upload sends because of their name, with the rule: version control, and names of secrets that
 * `allowSecrets` does not list. Use it before you unpack somebody else's archive: a `.git/config` can run commands.
 *
 * @example
 * ```ts
 * const refused = await findNeverSent(['score.py', '.git/config', '.env'])
 * // [{ path: '.git/config', rule: '.git' }, { path: '.env', rule: '.env files' }]
 * ```
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
 * Downloads from a signed URL, as a stream. Sends no credentials and follows no redirect. Until the body begins, it
 * repeats a request that fails for a temporary reason.
 *
 * @example
 * ```ts
 * const gateway = createGateway()
 * const [url = ''] = Object.values(await gateway.getSourceCodeSignedUrl('my-evaluator'))
 * const download = await openDownload(url)
 * for await (const chunk of download.body) process.stdout.write(chunk)
 * await download.close()
 * ```
 * @throws EvaluatorUploadError FW_SIGNED_URL, FW_NETWORK, FW_TIMEOUT, FW_ABORTED
 */
export async function openDownload(url: string, options: DownloadOptions = {}): Promise<Download> {
  const { openDownload } = await import('./store/download.ts')
  return openDownload(url, options)
}

/**
 * Downloads the archive of an evaluator to `outFile`, and compares its md5 with the store's. A download that breaks
 * off, or has other bytes, starts again with a new URL, as often as `retry` allows.
 *
 * @returns size and md5; `undefined` if the store's md5 is `knownMd5`, so that nothing was downloaded
 * @example
 * ```ts
 * const archive = await downloadArchive('my-evaluator', { outFile: 'my-evaluator.tar.gz' })
 * ```
 * @throws EvaluatorUploadError FW_NOT_FOUND or FW_CONFLICT if there is no archive, FW_INTEGRITY, FW_SOURCE if it is
 * larger than `maxBytes`, …; Node's own error if `outFile` cannot be written
 */
export async function downloadArchive(
  evaluator: string,
  options: ArchiveDownloadOptions,
): Promise<DownloadedArchive | undefined> {
  const { downloadArchive } = await import('./store/archive-download.ts')
  return downloadArchive(evaluator, options)
}

/**
 * Opens connections for many uploads at once. They respect HTTP(S)_PROXY and NO_PROXY, like a single upload.
 *
 * @example
 * ```ts
 * const { dispatcher, close } = await openPool()
 * await Promise.allSettled(folders.map((source) => uploadEvaluator({ evaluatorId: source, source, dispatcher })))
 * await close()
 * ```
 * @throws EvaluatorUploadError FW_CONFIG if a variable has an invalid proxy
 */
export async function openPool(options: PoolOptions = {}): Promise<Pool> {
  const { openPool } = await import('./http/connections.ts')
  return openPool(options)
}
