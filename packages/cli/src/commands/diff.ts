import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { downloadArchive, packEvaluator, type Source } from '@fw/evaluator-core'
import { withScratch } from '../archive/output-file.ts'
import { type ArchiveEntry, readArchive, readTexts } from '../archive/read-archive.ts'
import type { Context, Done } from '../context.ts'
import { findEvaluator } from '../options/project-file.ts'
import { type FolderFlags, folderRules } from '../options/upload-options.ts'
import { inAccount } from '../service.ts'
import { formatBytes, printable } from '../terminal/format.ts'
import type { Out } from '../terminal/out.ts'

type DiffFlags = FolderFlags & { exitCode?: true | undefined; nameOnly?: true | undefined }

/** Fits on the disk of a small machine. */
const MAX_BYTES = 10e9

interface Change {
  kind: 'added' | 'changed' | 'removed'
  path: string
  /** Bytes; missing on the side without the file. */
  before?: number
  after?: number
  /** The lines that differ, as in `diff -u`; for text files of moderate size. */
  patch?: string
}

export async function diff(
  given: Context,
  name: string | undefined,
  dir: string | undefined,
  flags: DiffFlags,
): Promise<Done> {
  const evaluator = await findEvaluator(name, given)
  const { context, id } = inAccount(given, evaluator.name)
  const { signal, out, gateway: options } = context
  return withScratch(join(tmpdir(), 'fw-evaluator-'), async (scratch) => {
    const ours = join(scratch, 'ours.tar.gz')
    const source = sourceOf(dir, evaluator.source, flags)
    const packed = await packEvaluator({
      evaluatorId: id,
      source,
      allowSecrets: flags.allowSecret,
      outFile: ours,
      signal,
      logger: options.logger,
    })
    const theirs = join(scratch, 'theirs.tar.gz')
    const stored = await downloadArchive(id, {
      ...context.gateway,
      outFile: theirs,
      maxBytes: MAX_BYTES,
      knownMd5: packed.md5,
    })
    const changes = stored === undefined ? [] : await compareArchives(theirs, ours, { flags, signal })
    return {
      // Other clients pack the same files into other bytes, so an upload would replace them.
      result: { evaluatorId: id, sameBytes: stored === undefined, changes },
      text: () => describe(changes, stored === undefined, out),
      failed: flags.exitCode === true && changes.length > 0,
    }
  })
}

function sourceOf(dir: string | undefined, source: Source | undefined, flags: FolderFlags): Source {
  if (dir !== undefined || source === undefined) return { dir: dir ?? '.', ...folderRules(flags) }
  if (typeof source === 'string') return { dir: source, ...folderRules(flags) }
  return 'dir' in source ? { ...source, ...folderRules(flags, source) } : source
}

/** An archive, and its top folder. */
interface Side {
  file: string
  top: string | undefined
}

async function compareArchives(
  theirs: string,
  ours: string,
  { flags, signal }: { flags: DiffFlags; signal: AbortSignal },
): Promise<Change[]> {
  const before = await readArchive(theirs, { signal })
  const after = await readArchive(ours, { signal })
  const changes = compareEntries(before.entries, after.entries)
  if (flags.nameOnly === true) return changes
  const sides = [
    { file: theirs, top: before.top },
    { file: ours, top: after.top },
  ] as const
  await addPatches(changes, sides, signal)
  return changes
}

function compareEntries(before: readonly ArchiveEntry[], after: readonly ArchiveEntry[]): Change[] {
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

/** Longer texts take seconds to compare, and nobody reads the result. */
const MAX_TEXT_BYTES = 200_000
/** The limit for the characters of all patches: nobody reads more. */
const MAX_PATCHES = 500_000

async function addPatches(
  changes: readonly Change[],
  sides: readonly [theirs: Side, ours: Side],
  signal: AbortSignal,
): Promise<void> {
  const changed = changes.filter(({ kind }) => kind === 'changed')
  if (changed.length === 0) return
  const paths = new Set(changed.map(({ path }) => path))
  const [before, after] = await Promise.all(
    sides.map(({ file, top }) => readTexts(file, { top, paths, maxBytes: MAX_TEXT_BYTES, signal })),
  )
  const { createTwoFilesPatch } = await import('diff')
  let length = 0
  for (const change of changed) {
    const [old, now] = [before?.get(change.path), after?.get(change.path)]
    if (old === undefined || now === undefined || length > MAX_PATCHES || signal.aborted) continue
    const patch = createTwoFilesPatch('stored', 'yours', old, now, '', '', { timeout: 1000 })
    if (patch === undefined) continue
    // The line above names the file.
    change.patch = patch.replace(/^=+\n---.*\n\+\+\+.*\n/, '')
    length += patch.length
  }
}

const MARKS = { added: ['+', 'green'], changed: ['~', 'yellow'], removed: ['-', 'red'] } as const

function describe(changes: readonly Change[], sameBytes: boolean, out: Out): string {
  if (sameBytes) return 'Nothing would change: the service holds the same bytes.'
  if (changes.length === 0) return 'No file would change; the archives differ in how they were packed.'
  return changes
    .map(({ kind, path, before, after, patch }) => {
      const [mark, colour] = MARKS[kind]
      const sizes = [before, after].filter((size) => size !== undefined).map(formatBytes)
      const head =
        out.style(colour, `${mark} ${printable(path)}`) + out.style('dim', `  ${sizes.join(' → ')}`)
      return patch === undefined ? head : `${head}\n${paintPatch(patch, out)}`
    })
    .join('\n')
}

const LINE_COLOURS = { '+': 'green', '-': 'red', '@': 'cyan' } as const

function paintPatch(patch: string, out: Out): string {
  return patch
    .trimEnd()
    .split('\n')
    .map((line) => {
      const text = `    ${line.split('\t').map(printable).join('\t')}`
      const mark = line[0]
      return mark === '+' || mark === '-' || mark === '@' ? out.style(LINE_COLOURS[mark], text) : text
    })
    .join('\n')
}
