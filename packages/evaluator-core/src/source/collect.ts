import { resolve } from 'node:path'
import { EvaluatorUploadError } from '../errors.ts'
import type { PackOptions, Source } from '../options.ts'
import { createPace } from '../pace.ts'
import { REQUIREMENTS } from './dependencies.ts'
import { type Collecting, collectFolder, withoutPrivateKeys } from './folder.ts'
import { compileGlobs } from './globs.ts'
import { createLeftOutCounter, type LeftOut, type OwnFiles } from './left-out.ts'
import { collectMap } from './map.ts'
import { sortByBytes } from './names.ts'
import type { SourceEntry } from './read-entry.ts'

/** The files of an archive, chosen but not yet read. */
export interface Listed {
  /** In the order of the archive: by the bytes of their path. */
  readonly entries: readonly SourceEntry[]
  readonly leftOut: readonly LeftOut[]
  /** The folder that was given, absolute; the working directory for a map of files. */
  readonly dir: string
}

/**
 * Which files go into the archive. Of a folder: all but what git ignores, what `exclude` names, and what never goes
 * in (see name-rules.ts); `include` brings back the ignored. Of a map: all, and a secret's name is an error.
 * @throws FW_SOURCE where the source is missing, empty or no folder, or holds what cannot be packed; FW_SECRET
 */
export async function listEntries(
  source: Source,
  own: OwnFiles,
  { signal, logger, allowSecrets = [] }: Pick<PackOptions, 'signal' | 'logger' | 'allowSecrets'> = {},
): Promise<Listed> {
  const leftOut = createLeftOutCounter()
  const allowed = await compileGlobs(allowSecrets, 'allowSecrets')
  const collecting: Collecting = { leftOut, own, allowed, pace: createPace(signal), logger }
  const found =
    typeof source === 'object' && 'files' in source
      ? await collectMap(source, collecting)
      : withoutPrivateKeys(
          await collectFolder(typeof source === 'string' ? { dir: source } : source, collecting),
          collecting,
        )
  if (found.length === 0) throw emptySource(source, leftOut.list())
  const hasRequirements = found.some(({ path }) => path === REQUIREMENTS)
  const entries = hasRequirements
    ? found
    : [...found, { path: REQUIREMENTS, content: new Uint8Array(), isAdded: true }]
  const dir = typeof source === 'string' ? source : 'dir' in source ? source.dir : '.'
  return {
    entries: sortByBytes(entries),
    leftOut: leftOut.list(),
    dir: absolute(dir),
  }
}

/** Where the working directory was deleted, there is nothing to resolve a path by, and a map of files needs none. */
function absolute(dir: string): string {
  try {
    return resolve(dir)
  } catch {
    return dir
  }
}

function emptySource(source: Source, leftOut: readonly LeftOut[]): EvaluatorUploadError {
  const name = typeof source === 'string' ? source : 'dir' in source ? source.dir : 'The map of files'
  const rules = leftOut.map(({ rule, count }) => `${count} by ${rule}`).join(', ')
  return new EvaluatorUploadError(
    'FW_SOURCE',
    `${name} has no files to pack${rules && ` (left out: ${rules})`}`,
    {
      hint: rules.includes('.gitignore')
        ? 'Name what shall go in although git ignores it in `include`, or set `gitignore: false`.'
        : 'Check the path, and that the build has written its files.',
    },
  )
}
