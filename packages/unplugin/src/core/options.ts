import type { EvaluatorUploadError, UploadOptions, UploadResult } from '@fw/evaluator-core'
import { closestMatch } from 'leven'
import { type ResolvedScore, resolveScore, SCORE_OPTIONS, type ScoreOptions } from './score-options.ts'

/**
 * What `onError` gets: core's `EvaluatorUploadError` if it has a `code`. Without one it is what `onUploaded` threw, a
 * report that could not be written, or a process that ended before the upload.
 */
export interface UploadFailure
  extends Error,
    Partial<Pick<EvaluatorUploadError, 'code' | 'hint' | 'status' | 'requestId' | 'attempts'>> {}

/** Options of the plugins: core's upload options without `source`, and those of a build. */
export interface PluginOptions extends Omit<UploadOptions, 'source'>, ScoreOptions {
  /**
   * Globs, relative to the project's root, of files to upload with the build's output: `requirements.txt`, `*.py`. They
   * keep their path from the root. Files that git ignores are allowed here, secrets are not.
   * @default []
   */
  include?: readonly string[] | undefined
  /**
   * Globs of paths in the archive. Files of the output that match are not uploaded: `assets/**`, or a folder's name. A
   * glob that matches nothing is a warning. @default []
   */
  exclude?: readonly string[] | undefined
  /** Uploads source maps too: `x.js.map` with `x.js`. @default false */
  sourceMaps?: boolean | undefined
  /**
   * `false` turns the upload off, and so does the variable `FW_EVALUATOR_UPLOAD=0`. `true` uploads even from a build
   * that is not a release (a dev build, Vitest, Storybook), or if a framework changes the output afterwards (Astro,
   * SvelteKit, …).
   * @default uploads from builds for production
   */
  enabled?: boolean | undefined
  /**
   * What a failed upload does: it fails the build, prints a warning, or calls the function. If the function throws, the
   * build fails. @default 'fail'
   */
  onError?: 'fail' | 'warn' | ((error: UploadFailure) => void | Promise<void>) | undefined
  /**
   * Uploads after every successful rebuild in watch mode. Never two at once: the running upload finishes, then the
   * newest output is uploaded. @default false: watch mode uploads nothing, and says so once
   */
  watch?: boolean | undefined
  /** Vite environments whose output is uploaded (Vite 5: `client` and `ssr`). @default all that are built */
  environments?: readonly string[] | undefined
  /**
   * The folder that `include` and `report` are relative to. A relative path starts at the working directory. It must be
   * inside of the project's git repository or package. @default the bundler's root
   */
  root?: string | undefined
  /** Writes the UploadResult to this JSON file, relative to the project's root. */
  report?: string | undefined
  /** Called after a successful upload, a dry run, or if nothing changed, and awaited. If it throws, the build fails. */
  onUploaded?: ((result: UploadResult) => void | Promise<void>) | undefined
}

/** The options, checked and with defaults. Nothing reads the user's object later. */
export interface ResolvedOptions {
  /** As given: the id, or the full resource name. */
  readonly evaluatorId: string
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly sourceMaps: boolean
  readonly onError: 'fail' | 'warn' | ((error: UploadFailure) => void | Promise<void>)
  readonly watch: boolean
  readonly environments: readonly string[] | undefined
  readonly root: string | undefined
  /** Whether to upload from a build that is not for production. */
  readonly insists: boolean
  readonly report: string | undefined
  readonly onUploaded: ((result: UploadResult) => void | Promise<void>) | undefined
  /** The scorer, if the evaluator is one TypeScript function. */
  readonly scorer: ResolvedScore | undefined
  /** The options for core, without the source. */
  readonly upload: Readonly<Omit<UploadOptions, 'source'>>
}

/** All names. The compiler fails if one is missing, also of core's. */
const NAMES: Readonly<Record<keyof PluginOptions, true>> = {
  evaluatorId: true,
  evaluator: true,
  allowSecrets: true,
  apiKey: true,
  accountId: true,
  baseUrl: true,
  ifMissing: true,
  skipUnchanged: true,
  wait: true,
  dryRun: true,
  signal: true,
  onProgress: true,
  logger: true,
  retry: true,
  timeouts: true,
  dispatcher: true,
  include: true,
  exclude: true,
  sourceMaps: true,
  enabled: true,
  onError: true,
  watch: true,
  environments: true,
  root: true,
  report: true,
  onUploaded: true,
  ...SCORE_OPTIONS,
}
const KNOWN = Object.keys(NAMES)

/** The variables that the plugins read themselves; core reads its own. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Whether the plugin is turned off, so that it has no hooks. */
export function isSwitchedOff({ enabled }: PluginOptions, env: Environment): boolean {
  return enabled === false || env.FW_EVALUATOR_UPLOAD?.trim() === '0'
}

/**
 * Checks `raw` and adds the defaults. `undefined` if the plugin is turned off. Then nothing else is checked: a plugin
 * that is turned off must not fail a build because of a missing id.
 *
 * @throws TypeError for an unknown option, a missing evaluatorId, or a value of the wrong kind.
 */
export function resolveOptions(raw: PluginOptions, env: Environment): ResolvedOptions | undefined {
  if (isSwitchedOff(raw, env)) return undefined
  for (const name of Object.keys(raw)) {
    if (KNOWN.includes(name)) continue
    const guess = closestMatch(name, KNOWN, { maxDistance: Math.max(1, Math.floor(name.length / 3)) })
    throw new TypeError(`fwEvaluator: unknown option "${name}".${guess ? ` Did you mean "${guess}"?` : ''}`)
  }
  const {
    include,
    exclude,
    sourceMaps,
    enabled,
    onError,
    watch,
    environments,
    root,
    report,
    onUploaded,
    score,
    rows,
    completionParams,
    rollout,
    passedThreshold,
    timeoutMs,
    ...upload
  } = raw
  const evaluatorId = text('evaluatorId', upload.evaluatorId)
  if (evaluatorId === undefined) {
    throw new TypeError(
      "fwEvaluator: evaluatorId is missing. Name the evaluator: fwEvaluator({ evaluatorId: 'my-evaluator' })",
    )
  }
  if (onError !== undefined && onError !== 'fail' && onError !== 'warn' && typeof onError !== 'function') {
    throw new TypeError(`fwEvaluator: onError must be 'fail', 'warn' or a function, not ${show(onError)}`)
  }
  if (onUploaded !== undefined && typeof onUploaded !== 'function') {
    throw new TypeError(`fwEvaluator: onUploaded must be a function, not ${show(onUploaded)}`)
  }
  return Object.freeze({
    evaluatorId,
    include: list('include', include) ?? [],
    exclude: (list('exclude', exclude) ?? []).map(excluded),
    sourceMaps: flag('sourceMaps', sourceMaps) ?? false,
    onError: onError ?? 'fail',
    watch: flag('watch', watch) ?? false,
    environments: list('environments', environments),
    root: text('root', root),
    insists: flag('enabled', enabled) === true,
    report: text('report', report),
    onUploaded,
    scorer: resolveScore({
      ...{ score: text('score', score), rows: text('rows', rows) },
      ...{ completionParams, rollout, passedThreshold, timeoutMs },
    }),
    upload: Object.freeze({ ...upload, evaluatorId }),
  })
}

/** An empty string counts as unset: in a CI's configuration, an unset variable becomes one. */
function text(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'string')
    throw new TypeError(`fwEvaluator: ${name} must be a string, not ${show(value)}`)
  return value.trim() || undefined
}

function flag(name: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value
  throw new TypeError(`fwEvaluator: ${name} must be true or false, not ${show(value)}`)
}

function list(name: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return Object.freeze([...value])
  throw new TypeError(`fwEvaluator: ${name} must be a list of strings, not ${show(value)}`)
}

/**
 * Prepares a glob for paths in the archive, which have no slash at their start or end.
 * @throws TypeError on a glob that would match nothing, or that seems to include something again
 */
function excluded(pattern: string): string {
  const tidy = pattern
    .trim()
    // As paths are written on Windows; before a glob's own character it is an escape.
    .replace(/\\(?=[\w.-])/g, '/')
    .replace(/\/(\.?\/)+/g, '/')
    .replace(/^(\.?\/)+/, '')
    .replace(/\/\.?$/, '')
  const wrong =
    tidy === '' ||
    tidy === '.' ||
    /^!(?!\()/.test(tidy) ||
    tidy.split('/').includes('..') ||
    /^[a-z]:\//i.test(tidy)
  if (!wrong) return tidy
  throw new TypeError(
    `fwEvaluator: exclude has '${pattern}', which excludes nothing. Patterns are paths in the archive, and there is no bringing back with !.`,
  )
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? 'a list' : typeof value
}
