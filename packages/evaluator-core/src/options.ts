import type { components } from '@fw/openapi'
import type { Dispatcher } from 'undici'
import type { OptionTable } from './option-table.ts'
import type { Logger, ProgressEvent } from './progress.ts'

/** A file in the archive that is not taken from a folder: text, bytes, or the file at `path`. */
export type FileContent = string | Uint8Array | { path: string }

/** A folder and what of it goes into the archive. */
export interface SourceDir {
  /** The folder; relative to the working directory. */
  dir: string
  /** Globs relative to `dir` of files that go in although .gitignore drops them. Never brings back what is secret. */
  include?: readonly string[] | undefined
  /** Globs relative to `dir` of files that stay out. Wins over `include`. */
  exclude?: readonly string[] | undefined
  /** Whether ignored files stay out, as git decides it. @default true */
  gitignore?: boolean | undefined
}

/** A set of files laid out by the caller: path in the archive (POSIX, below the top folder) → content. */
export interface SourceFiles {
  /** Path in the archive, with `/` between names, relative to its top folder → text, bytes, or `{ path }` of a file. */
  files: Readonly<Record<string, FileContent>>
}

/** What is packed: a folder's path, a folder with rules, or a map of files. */
export type Source = string | SourceDir | SourceFiles

/** The fields of an evaluator that a client may set. None is required by the service. */
export interface EvaluatorFields {
  /** Its name for people. */
  displayName?: string | undefined
  /** What it judges, for people. */
  description?: string | undefined
  /**
   * `path/to/file.py::function` or `module::function`, from the root of the source; checked against it. `false` says
   * that none is meant: an upload that has none otherwise fails before anything is changed.
   * @default the only function that is decorated with `@evaluation_test`, else the one that the service has
   */
  entryPoint?: string | false | undefined
  /** The text of a requirements.txt; a field of its own at the service, beside the file in the archive. */
  requirements?: string | undefined
  /** The commit that the source comes from. @default that of the CI's variables, else of git; `.dirty` behind it where tracked files differ */
  commitHash?: string | undefined
  /** The repository that the source comes from. @default that of the CI's variables, else of git's `origin` */
  source?: components['schemas']['EvaluatorSource'] | undefined
  /** Its default dataset. */
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

/** How often, and after which pauses, a call that failed for a passing reason is sent again. */
export interface RetryOptions {
  /** Tries in all, the first among them. @default 5 */
  attempts?: number | undefined
  /** Milliseconds. The longest wait before the second try; doubles with every further one. @default 300 */
  baseDelayMs?: number | undefined
  /** Milliseconds. No wait is longer, whatever Retry-After says. @default 30_000 */
  maxDelayMs?: number | undefined
}

/** When to give up, with FW_TIMEOUT. */
export interface TimeoutOptions {
  /** Milliseconds to a connected socket, TLS included. @default 10_000 */
  connectMs?: number | undefined
  /** Milliseconds of an attempt without any byte moving. @default 60_000 */
  attemptMs?: number | undefined
  /** Milliseconds of the whole call, waiting for the build not included. @default 1_800_000 (30 minutes) */
  totalMs?: number | undefined
}

/** How to wait for the build at the service. */
export interface WaitOptions {
  /** Milliseconds until the wait is given up with FW_TIMEOUT. @default 900_000 (15 minutes) */
  timeoutMs?: number | undefined
  /** Milliseconds, the longest pause between two looks; the first ones are shorter. @default 10_000 */
  intervalMs?: number | undefined
}

/** Who is asking, and how it is asked: what every call to the service needs. */
export interface GatewayOptions {
  /** The key that calls to the service bear. @default FIREWORKS_API_KEY, then `api_key` in ~/.fireworks/auth.ini */
  apiKey?: string | undefined
  /**
   * The account that the evaluator belongs to.
   * @default FIREWORKS_ACCOUNT_ID, then `account_id` in ~/.fireworks/auth.ini, then the account the key belongs to
   */
  accountId?: string | undefined
  /** Origin of the service: https, or loopback. @default FIREWORKS_API_BASE, then FIREWORKS_BASE_URL, then https://api.fireworks.ai */
  baseUrl?: string | undefined
  /** Ends whatever is under way with FW_ABORTED. */
  signal?: AbortSignal | undefined
  /** Where log lines go. @default nowhere; of the plugins, warnings go to the bundler */
  logger?: Logger | undefined
  /** How calls that fail for a passing reason are repeated. */
  retry?: RetryOptions | undefined
  /** When to give up. */
  timeouts?: TimeoutOptions | undefined
  /** An undici Dispatcher for all requests; the caller closes it. @default one that honours HTTP(S)_PROXY and NO_PROXY */
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
   * `path/to/file.py::function` or `module::function`; checked against the source. `false` looks for none.
   * @default the only `@evaluation_test`, where there is exactly one: an archive may have none, unlike an upload
   */
  entryPoint?: string | false | undefined
  /** The key that must not be in the archive. @default the key {@link GatewayOptions.apiKey} would resolve to */
  apiKey?: string | undefined
  /**
   * Globs of paths in the archive that may look like secrets, by name or by content: fixtures, examples. The key in
   * use is refused all the same. @default []
   */
  allowSecrets?: readonly string[] | undefined
  /** Writes the archive to this file instead of a temporary one; it stays after `dispose()`. */
  outFile?: string | undefined
  /** Ends the packing with FW_ABORTED. */
  signal?: AbortSignal | undefined
  /** Hears how far the packing is. */
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
  /** Fields to set. What is not given keeps its value on the service. */
  evaluator?: EvaluatorFields | undefined
  /**
   * Globs of paths in the archive that may look like secrets, by name or by content: fixtures, examples. The key in
   * use is refused all the same. @default []
   */
  allowSecrets?: readonly string[] | undefined
  /** What to do when the account has no such evaluator. @default 'create' */
  ifMissing?: 'create' | 'error' | undefined
  /** Sends nothing when the evaluator is ACTIVE and the service holds the same bytes and fields. @default true */
  skipUnchanged?: boolean | undefined
  /** Waits until the evaluator is ACTIVE; throws FW_BUILD_FAILED with the end of the build log. @default false */
  wait?: boolean | WaitOptions | undefined
  /** Packs and reports, without any network. @default false */
  dryRun?: boolean | undefined
  /** Hears which step begins and ends, how many bytes are packed and sent, and what is tried again. */
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

/** Options of `matchFiles`. */
export interface MatchOptions {
  /** What the patterns are called in an error's message. @default 'include' */
  option?: string | undefined
  /** Ends the search with FW_ABORTED. */
  signal?: AbortSignal | undefined
}
