import { readFile } from 'node:fs/promises'
import type { EvaluatorFields, UploadOptions } from '@fw/evaluator-core'
import type { CommonOptions } from '../context.ts'
import { UsageError } from '../terminal/usage-error.ts'
import type { Shard } from './flag-values.ts'

/** The flags of `upload`, as the parser gives them. */
export type UploadFlags = CommonOptions & {
  id?: string | undefined
  include?: string[] | undefined
  exclude?: string[] | undefined
  gitignore: boolean
  allowSecret?: string[] | undefined
  /** `false`: none is meant. */
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

/** What of the flags holds for every evaluator, whether it is named by `--id` or by a config. */
export function sharedOptions({
  create,
  wait,
  timeout,
  dryRun,
  force,
  allowSecret,
}: UploadFlags): Pick<
  UploadOptions,
  'ifMissing' | 'wait' | 'timeouts' | 'dryRun' | 'skipUnchanged' | 'allowSecrets'
> {
  return {
    ...(!create && { ifMissing: 'error' as const }),
    ...(wait !== undefined && { wait: wait === true ? true : { timeoutMs: wait } }),
    ...(timeout !== undefined && { timeouts: { totalMs: timeout } }),
    ...(dryRun && { dryRun }),
    ...(force && { skipUnchanged: false }),
    ...(allowSecret && { allowSecrets: allowSecret }),
  }
}

/** Rules for a folder. */
export function folderRules({
  include,
  exclude,
  gitignore,
}: Pick<UploadFlags, 'include' | 'exclude' | 'gitignore'>): {
  include?: string[]
  exclude?: string[]
  gitignore?: boolean
} {
  return {
    ...(include && { include }),
    ...(exclude && { exclude }),
    ...(!gitignore && { gitignore }),
  }
}

/** The fields that the flags set; the text of `--requirements` is read. */
export async function evaluatorFields({ requirements, ...flags }: UploadFlags): Promise<EvaluatorFields> {
  const { entryPoint, displayName, description, commitHash, defaultDataset } = flags
  const given = { entryPoint, displayName, description, commitHash, defaultDataset }
  const text = requirements === undefined ? undefined : await readRequirements(requirements)
  const all: Record<string, string | false | undefined> = { ...given, requirements: text }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

async function readRequirements(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
    throw new UsageError(
      `The file ${file} of --requirements cannot be read${why}.`,
      'It is a requirements.txt, relative to the working directory.',
    )
  }
}
