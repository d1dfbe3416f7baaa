import { mkdir, readdir, rename, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { downloadArchive, EvaluatorUploadError, findNeverSent } from '@fw/evaluator-core'
import { plainPath } from '../archive/entry-names.ts'
import { cannotWrite, makeFolder, withScratch } from '../archive/output-file.ts'
import { type ArchiveContent, readArchive } from '../archive/read-archive.ts'
import { pumpTar } from '../archive/tar-stream.ts'
import type { Context, Done } from '../context.ts'
import { findEvaluator } from '../options/project-file.ts'
import { inAccount } from '../service.ts'
import { formatBytes, plural, printable } from '../terminal/format.ts'
import { systemReason } from '../terminal/system-error.ts'

const MAX_BYTES = 1e9

interface PullFlags {
  out?: string | undefined
  allowSecret?: string[] | undefined
  maxSize?: number | undefined
}

export async function pull(
  given: Context,
  name: string | undefined,
  { out, allowSecret, maxSize: maxBytes = MAX_BYTES }: PullFlags,
): Promise<Done> {
  const { context, id } = inAccount(given, (await findEvaluator(name, given)).name)
  const { signal } = context
  const dir = out ?? id
  const target = resolve(dir)
  await expectEmpty(dir, target)
  try {
    await makeFolder(dirname(target))
    // Next to the final place, so that the folder appears there complete.
    return await withScratch(join(dirname(target), `.${basename(target)}-`.slice(-200)), async (scratch) => {
      const file = join(scratch, 'archive.tar.gz')
      const stored = await downloadArchive(id, { ...context.gateway, outFile: file, maxBytes })
      // Checked before anything is unpacked, because one bad entry refuses the whole archive.
      const content = await readArchive(file, { maxBytes, signal })
      refuseFaults(id, content)
      await refuseSecrets(id, content, allowSecret)
      const unpacked = join(scratch, 'unpacked')
      await mkdir(unpacked)
      await unpack(file, unpacked, content, signal)
      await rmdir(target).catch(() => {})
      await rename(unpacked, target)
      const { entries, size } = content
      return {
        result: {
          directory: target,
          files: entries.map(({ path, size }) => ({ path, size })),
          size,
          md5: stored?.md5,
        },
        text: () =>
          `Wrote ${plural(entries.length, 'file')}, ${formatBytes(size)}, to ${context.out.style('bold', printable(dir))}`,
      }
    })
  } catch (error) {
    if (signal.aborted) {
      throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted.', { hint: `${dir} was not written.` })
    }
    throw cannotWrite(dir, error)
  }
}

async function expectEmpty(dir: string, target: string): Promise<void> {
  const names = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      `${dir} cannot be written: ${systemReason(error) ?? error.message}.`,
      {
        hint: 'Name a folder that does not exist yet.',
      },
    )
  })
  if (names.length === 0) return
  throw new EvaluatorUploadError('FW_SOURCE', `${dir} is not empty.`, {
    hint: 'Name another folder with --out: nothing is overwritten.',
  })
}

function refuseFaults(id: string, { faults }: ArchiveContent): void {
  const [first] = faults
  if (first === undefined) return
  const others = faults.length > 1 ? ` (and ${faults.length - 1} more)` : ''
  throw new EvaluatorUploadError(
    'FW_SOURCE',
    `The archive of evaluator ${id} is not unpacked. It holds ${first.path}${others}: ${first.why}.`,
    { hint: 'fw-evaluator would not have uploaded it. Do not trust the archive.' },
  )
}

/** Refuses files that no upload would send. */
async function refuseSecrets(
  id: string,
  { entries }: ArchiveContent,
  allowSecrets: readonly string[] | undefined,
): Promise<void> {
  const paths = entries.map(({ path }) => path)
  const [first, ...others] = await findNeverSent(paths, { allowSecrets })
  if (first === undefined) return
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  throw new EvaluatorUploadError(
    'FW_SOURCE',
    `The archive of evaluator ${id} is not unpacked. It holds ${first.path}${more}, which looks like a secret (${first.rule}).`,
    {
      hint: `fw-evaluator would not have uploaded it. If you want it all the same: --allow-secret '${first.path}'`,
    },
  )
}

async function unpack(
  file: string,
  cwd: string,
  { top }: ArchiveContent,
  signal: AbortSignal,
): Promise<void> {
  const { Unpack } = await import('tar')
  const unpacking = new Unpack({
    cwd,
    strict: true,
    strip: top === undefined ? 0 : 1,
    filter(_, entry) {
      // A second check, after readArchive has refused everything else.
      if (!('header' in entry) || !['File', 'OldFile', 'Directory'].includes(entry.type)) return false
      entry.path = plainPath(entry.path)
      // No setuid, and no write permission for others.
      const isExecutable = entry.type === 'Directory' || ((entry.mode ?? 0) & 0o100) !== 0
      entry.mode = isExecutable ? 0o755 : 0o644
      return true
    },
    preserveOwner: false,
    noMtime: true,
    chmod: true,
    processUmask: process.umask(),
  })
  await pumpTar({ path: file }, unpacking, { signal })
}
