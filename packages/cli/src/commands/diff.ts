import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packEvaluator } from '@fw/evaluator-core'
import { type ArchiveEntry, readArchive } from '../archive/read-archive.ts'
import { withScratch } from '../archive/scratch.ts'
import { fetchArchive } from '../archive/stored-archive.ts'
import type { Context, Done } from '../context.ts'
import { folderRules, type UploadFlags } from '../options/upload-options.ts'
import { inAccount, withGateway } from '../service.ts'
import { formatBytes, printable } from '../terminal/format.ts'
import type { Out } from '../terminal/out.ts'

type DiffFlags = Pick<UploadFlags, 'include' | 'exclude' | 'gitignore' | 'allowSecret'> & {
  exitCode?: true | undefined
}

/** No more than the disk of a small machine holds. */
const MAX_BYTES = 10e9

interface Change {
  kind: 'added' | 'changed' | 'removed'
  path: string
  /** Bytes; missing on the side that has no such file. */
  before?: number
  after?: number
}

export async function diff(given: Context, name: string, dir = '.', flags: DiffFlags): Promise<Done> {
  const { context, id } = inAccount(given, name)
  const { signal, out, gateway: options } = context
  return withScratch(join(tmpdir(), 'fw-evaluator-'), async (scratch) => {
    const outFile = join(scratch, 'ours.tar.gz')
    const source = { dir, ...folderRules(flags) }
    const ours = await packEvaluator({
      evaluatorId: id,
      source,
      allowSecrets: flags.allowSecret,
      outFile,
      signal,
      logger: options.logger,
    })
    const file = join(scratch, 'theirs.tar.gz')
    const knownMd5 = ours.md5
    const stored = await withGateway(context, (gateway) =>
      fetchArchive(gateway, id, file, { signal, maxBytes: MAX_BYTES, knownMd5 }),
    )
    const [before, after] =
      stored === undefined
        ? [[], []]
        : await Promise.all(
            [file, outFile].map(async (path) => (await readArchive(path, { signal })).entries),
          )
    const changes = compare(before ?? [], after ?? [])
    return {
      // Other clients pack the same files into other bytes, which an upload would replace.
      result: { evaluatorId: id, sameBytes: stored === undefined, changes },
      text: () => describe(changes, stored === undefined, out),
      failed: flags.exitCode === true && changes.length > 0,
    }
  })
}

function compare(before: readonly ArchiveEntry[], after: readonly ArchiveEntry[]): Change[] {
  const old = new Map(before.map((entry) => [entry.path, entry]))
  const changes: Change[] = []
  for (const { path, size, sha256 } of after) {
    const was = old.get(path)
    old.delete(path)
    if (!was) changes.push({ kind: 'added', path, after: size })
    else if (was.sha256 !== sha256) changes.push({ kind: 'changed', path, before: was.size, after: size })
  }
  for (const { path, size } of old.values()) changes.push({ kind: 'removed', path, before: size })
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1))
}

const MARKS = { added: ['+', 'green'], changed: ['~', 'yellow'], removed: ['-', 'red'] } as const

function describe(changes: readonly Change[], sameBytes: boolean, out: Out): string {
  if (sameBytes) return 'Nothing would change: the service holds the same bytes.'
  if (changes.length === 0) return 'No file would change; the archives differ in how they were packed.'
  return changes
    .map(({ kind, path, before, after }) => {
      const [mark, colour] = MARKS[kind]
      const sizes = [before, after].filter((size) => size !== undefined).map(formatBytes)
      return out.style(colour, `${mark} ${printable(path)}`) + out.style('dim', `  ${sizes.join(' → ')}`)
    })
    .join('\n')
}
