import type { components } from '@fw/openapi'
import type { Dispatcher } from 'undici'
import type { OptionTable } from './option-table.ts'
import type { Logger, ProgressEvent } from './progress.ts'

/** Every number that a user can change, with the value it has until then. */
export const DEFAULTS = {
  baseUrl: 'https://api.fireworks.ai',
  retry: { attempts: 5, baseDelayMs: 300, maxDelayMs: 30_000 },
  timeouts: { connectMs: 10_000, attemptMs: 60_000, totalMs: 1_800_000 },
  wait: { timeoutMs: 900_000, intervalMs: 10_000 },
} as const

/** A file in the archive that is not taken from a folder: text, bytes, or the file at `path`. */
export type FileContent = string | Uint8Array | { path: string }

/** A folder and what of it goes into the archive. */
export interface SourceDir {
  /** The folder, relative to the working directory. */
  dir: string
  /** Globs, relative to `dir`, of files to pack even if git ignores them. Secrets stay out. */
  include?: readonly string[] | undefined
  /** Globs, relative to `dir`, of files to leave out. Wins over `include`. */
  exclude?: readonly string[] | undefined
  /** Leaves out the files that git ignores. @default true */
  gitignore?: boolean | undefined
}

/** A set of files laid out by the caller: path in the archive (POSIX, below the top folder) → content. */
export interface SourceFiles {
  /** Path in the archive (with `/`, relative to its top folder) → text, bytes, or `{ path }` of a file. */
  files: Readonly<Record<string, FileContent>>
}

/** What is packed: a folder's path, a folder with rules, or a map of files. */
export type Source = string | SourceDir | SourceFiles

/** The fields of an evaluator that a client may set. None is required by the service. */
export interface EvaluatorFields {
  /** The name that people see. */
  displayName?: string | undefined
  /** What it evaluates, for people. */
  description?: string | undefined
  /**
   * `path/to/file.py::function` or `module::function`, relative to the root of the source. The file and the function
   * must exist. `false` uploads without an entry point; otherwise an upload without one fails before it changes anything.
   * @default the only function that is decorated with `@evaluation_test`, else the one that the service has
   */
  entryPoint?: string | false | undefined
  /** The text of a requirements.txt. The service keeps it as a field, separate from the file in the archive. */
  requirements?: string | undefined
  /** The commit of the source. @default the CI's variable, else git's HEAD, with `.dirty` if tracked files have changed */
  commitHash?: string | undefined
  /** The repository of the source. @default the CI's variable, else git's `origin` */
  source?: components['schemas']['EvaluatorSource'] | undefined
  /** The default dataset. */
  defaultDataset?: string | undefined
}

export const EVALUATOR_FIELDS: OptionTable<EvaluatorFields> = {
  displayName: 'string',
  description: 'string',
  entryPoint: 'string or false',
  requirements: 'string',
  commitHash: 'string',
  source: 'object',
  defaultDataset: 'string',
}

/** How often, and after which pauses, a call is repeated that failed for a temporary reason. */
export interface RetryOptions {
  /** Attempts in all, including the first. @default 5 */
  attempts?: number | undefined
  /** Milliseconds. The longest pause before the second attempt; it doubles with each further one. @default 300 */
  baseDelayMs?: number | undefined
  /** Milliseconds. No pause is longer, whatever Retry-After says. @default 30_000 */
  maxDelayMs?: number | undefined
}

/** When to fail with FW_TIMEOUT. */
export interface TimeoutOptions {
  /** Milliseconds to connect, including TLS. @default 10_000 */
  connectMs?: number | undefined
  /** Milliseconds in which an attempt moves no byte. @default 60_000 */
  attemptMs?: number | undefined
  /** Milliseconds for the whole call, without waiting for the build. @default 1_800_000 (30 minutes) */
  totalMs?: number | undefined
}

/** How to wait for the build at the service. */
export interface WaitOptions {
  /** Milliseconds until waiting fails with FW_TIMEOUT. @default 900_000 (15 minutes) */
  timeoutMs?: number | undefined
  /** Milliseconds. The longest pause between two requests for the state; the first pauses are shorter. @default 10_000 */
  intervalMs?: number | undefined
}

/** What every call to the service needs: key, account, address, limits. */
export interface GatewayOptions {
  /** The API key. @default FIREWORKS_API_KEY, then `api_key` in ~/.fireworks/auth.ini */
  apiKey?: string | undefined
  /**
   * The account of the evaluator.
   * @default FIREWORKS_ACCOUNT_ID, then `account_id` in ~/.fireworks/auth.ini, then the account of the key
   */
  accountId?: string | undefined
  /** Origin of the service: https, or http on loopback. @default FIREWORKS_API_BASE, then FIREWORKS_BASE_URL, then https://api.fireworks.ai */
  baseUrl?: string | undefined
  /** Aborts the call, which then fails with FW_ABORTED. */
  signal?: AbortSignal | undefined
  /** Where log lines go. @default nowhere; plugins pass warnings to the bundler */
  logger?: Logger | undefined
  /** How calls are repeated that fail for a temporary reason. */
  retry?: RetryOptions | undefined
  /** When to fail with FW_TIMEOUT. */
  timeouts?: TimeoutOptions | undefined
  /** An undici Dispatcher for all requests. You close it. @default one that respects HTTP(S)_PROXY and NO_PROXY */
  dispatcher?: Dispatcher | undefined
}

export const GATEWAY_OPTIONS: OptionTable<GatewayOptions> = {
  apiKey: 'string',
  accountId: 'string',
  baseUrl: 'string',
  signal: 'object',
  logger: 'object',
  retry: 'object',
  timeouts: 'object',
  dispatcher: 'object',
}

/** What `packEvaluator` takes. */
export interface PackOptions {
  /** 1 to 63 of a–z, 0–9 and `-`; first a letter, last not a hyphen. Names the archive and its top folder. */
  evaluatorId: string
  /** What is packed. */
  source: Source
  /**
   * `path/to/file.py::function` or `module::function`. The file and the function must exist. `false` looks for none.
   * @default the only `@evaluation_test`, if there is exactly one. Unlike an upload, an archive needs none
   */
  entryPoint?: string | false | undefined
  /** The key that must not be in the archive. @default the key that an upload would use */
  apiKey?: string | undefined
  /**
   * Globs of paths in the archive. Files that match may look like secrets, by name or by content: test fixtures,
   * examples. A file with the API key in use is refused all the same. @default []
   */
  allowSecrets?: readonly string[] | undefined
  /** Writes the archive to this file instead of a temporary one. `dispose()` keeps it. */
  outFile?: string | undefined
  /** Aborts the packing, which then fails with FW_ABORTED. */
  signal?: AbortSignal | undefined
  /** Called with the progress of the packing. */
  onProgress?: ((event: ProgressEvent) => void) | undefined
  /** Where log lines go. @default nowhere */
  logger?: Logger | undefined
}

export const PACK_OPTIONS: OptionTable<PackOptions> = {
  evaluatorId: 'string',
  source: 'string or object',
  entryPoint: 'string or false',
  apiKey: 'string',
  allowSecrets: 'object',
  outFile: 'string',
  signal: 'object',
  onProgress: 'function',
  logger: 'object',
}

/** What `uploadEvaluator` takes. */
export interface UploadOptions extends GatewayOptions {
  /** `my-evaluator`, or `accounts/<account>/evaluators/my-evaluator`. */
  evaluatorId: string
  /** What is packed: a folder, a folder with rules, or a map of files. */
  source: Source
  /** Fields to set. Fields that you leave out keep their value at the service. */
  evaluator?: EvaluatorFields | undefined
  /**
   * Globs of paths in the archive. Files that match may look like secrets, by name or by content: test fixtures,
   * examples. A file with the API key in use is refused all the same. @default []
   */
  allowSecrets?: readonly string[] | undefined
  /** What to do if the account has no such evaluator. @default 'create' */
  ifMissing?: 'create' | 'error' | undefined
  /** Sends nothing if the evaluator is ACTIVE and the service has the same bytes and fields. @default true */
  skipUnchanged?: boolean | undefined
  /** Waits until the evaluator is ACTIVE; throws FW_BUILD_FAILED with the end of the build log. @default false */
  wait?: boolean | WaitOptions | undefined
  /** Packs and reports. Uses no network. @default false */
  dryRun?: boolean | undefined
  /** Called when a step begins or ends, with the bytes packed and sent, and before a retry. */
  onProgress?: ((event: ProgressEvent) => void) | undefined
}

export const UPLOAD_OPTIONS: OptionTable<UploadOptions> = {
  ...GATEWAY_OPTIONS,
  evaluatorId: 'string',
  source: 'string or object',
  evaluator: 'object',
  allowSecrets: 'object',
  ifMissing: 'string',
  skipUnchanged: 'boolean',
  wait: 'boolean or object',
  dryRun: 'boolean',
  onProgress: 'function',
}

/** What `downloadArchive` takes. */
export interface ArchiveDownloadOptions extends GatewayOptions {
  /** The file that is written, anew with each attempt. Only its owner may read it. */
  outFile: string
  /** Bytes that the archive may have, else FW_SOURCE. @default any number */
  maxBytes?: number | undefined
  /** An md5 in hex digits. If the store names the same, nothing is fetched. */
  knownMd5?: string | undefined
}

export const ARCHIVE_DOWNLOAD_OPTIONS: OptionTable<ArchiveDownloadOptions> = {
  ...GATEWAY_OPTIONS,
  outFile: 'string',
  maxBytes: 'number',
  knownMd5: 'string',
}

/** Options of `matchFiles`. */
export interface MatchOptions {
  /** The name of the option, for error messages. @default 'include' */
  option?: string | undefined
  /** Aborts the search, which then fails with FW_ABORTED. */
  signal?: AbortSignal | undefined
}
