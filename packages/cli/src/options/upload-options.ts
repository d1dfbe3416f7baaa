import { readFile } from 'node:fs/promises'
import {
  type EvaluatorFields,
  EvaluatorUploadError,
  type Source,
  type SourceDir,
  type UploadOptions,
} from '@fw/evaluator-core'
import type { CommonOptions } from '../context.ts'
import { UsageError } from '../terminal/usage-error.ts'
import type { Shard } from './flag-values.ts'

/** The flags of `upload`, from the parser. */
export type UploadFlags = CommonOptions & {
  id?: string | undefined
  include?: string[] | undefined
  exclude?: string[] | undefined
  gitignore: boolean
  allowSecret?: string[] | undefined
  /** `false`: upload without one. */
  entryPoint?: string | false | undefined
  requirements?: string | undefined
  displayName?: string | undefined
  description?: string | undefined
  commitHash?: string | undefined
  defaultDataset?: string | undefined
  create: boolean
  /** Milliseconds, or `true` for the default of core. */
  wait?: number | true | undefined
  timeout?: number | undefined
  dryRun?: true | undefined
  force?: true | undefined
  config?: string[] | undefined
  concurrency?: number | undefined
  shard?: Shard | undefined
}

/** Flags for fields that differ between evaluators, so they cannot be for all evaluators of a config. */
const ONE_EVALUATOR_ONLY = ['id', 'entryPoint', 'requirements', 'displayName', 'description'] as const

/** The given flags that are only for one evaluator. `--no-entry-point` may be for all. */
export function flagsForOne(flags: UploadFlags): string[] {
  return ONE_EVALUATOR_ONLY.filter((name) => flags[name] !== undefined && flags[name] !== false).map(
    (name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  )
}

/** Which files of a folder go into the archive, by the flags. */
export type FolderFlags = Pick<UploadFlags, 'include' | 'exclude' | 'gitignore' | 'allowSecret'>

type FolderRules = Pick<SourceDir, 'include' | 'exclude' | 'gitignore'>

/** Merges flags into the source of a config: lists grow, other flags win. */
export function folderRules(
  { include, exclude, gitignore }: FolderFlags,
  config: FolderRules = {},
): FolderRules {
  const longer = (list: readonly string[] = [], more: readonly string[] = []): string[] => [...list, ...more]
  return {
    ...config,
    ...(include && { include: longer(config.include, include) }),
    ...(exclude && { exclude: longer(config.exclude, exclude) }),
    ...(!gitignore && { gitignore }),
  }
}

/** The options of an upload: those of the config, each replaced by its flag if given. */
export function withFlags(config: UploadOptions, flags: UploadFlags, fields: EvaluatorFields): UploadOptions {
  const { create, wait, timeout, dryRun, force, allowSecret } = flags
  return {
    ...config,
    source: sourceWithFlags(config, flags),
    evaluator: { ...config.evaluator, ...fields },
    ...(!create && { ifMissing: 'error' }),
    ...(wait !== undefined && { wait: waitWithFlag(config.wait, wait) }),
    ...(timeout !== undefined && { timeouts: { ...config.timeouts, totalMs: timeout } }),
    ...(dryRun && { dryRun }),
    ...(force && { skipUnchanged: false }),
    ...(allowSecret && { allowSecrets: [...(config.allowSecrets ?? []), ...allowSecret] }),
  }
}

function sourceWithFlags({ evaluatorId, source }: UploadOptions, flags: FolderFlags): Source {
  const isGiven = flags.include !== undefined || flags.exclude !== undefined || !flags.gitignore
  if (!isGiven) return source
  if (typeof source === 'string') return { dir: source, ...folderRules(flags) }
  if ('dir' in source) return { ...source, ...folderRules(flags, source) }
  throw new UsageError(
    `--include, --exclude and --no-gitignore are for folders. The config lists the files of evaluator ${evaluatorId} one by one.`,
    'Change the list in the config.',
  )
}

/** `--wait` keeps the config's settings; `--wait=5m` sets the time. */
function waitWithFlag(config: UploadOptions['wait'], flag: number | true): UploadOptions['wait'] {
  const known = typeof config === 'object' ? config : undefined
  if (flag === true) return known ?? true
  return { ...known, timeoutMs: flag }
}

/** The fields from flags, with the text of the file `--requirements`. */
export async function evaluatorFields({ requirements, ...flags }: UploadFlags): Promise<EvaluatorFields> {
  const { entryPoint, displayName, description, commitHash, defaultDataset } = flags
  const given = { entryPoint, displayName, description, commitHash, defaultDataset }
  const text = requirements === undefined ? undefined : await readRequirements(requirements)
  const all: Record<string, string | false | undefined> = { ...given, requirements: text }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

async function readRequirements(file: string): Promise<string> {
  return decodeRequirements(await readBytes(file), file)
}

/** UTF-8 or, as written by PowerShell, UTF-16 with a byte order mark. */
function decodeRequirements(bytes: Buffer, file: string): string {
  const [first, second] = bytes
  const isBigEndian = first === 0xfe && second === 0xff
  const encoding = isBigEndian ? 'utf-16be' : first === 0xff && second === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    // It removes the byte order mark.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      `The file ${file} of --requirements is no text in ${encoding}.`,
      {
        hint: 'Save it as UTF-8.',
        cause,
      },
    )
  }
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    throw new UsageError(
      `The file ${file} of --requirements cannot be read${why}.`,
      'It is a requirements.txt, relative to the working directory.',
    )
  }
}
