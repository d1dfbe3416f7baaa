import { mkdir, readdir, rename, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { EvaluatorUploadError } from '@fw/evaluator-core'
import { type ArchiveContent, readArchive } from '../archive/read-archive.ts'
import { withScratch } from '../archive/scratch.ts'
import { fetchArchive } from '../archive/stored-archive.ts'
import type { Context, Done } from '../context.ts'
import { inAccount, withGateway } from '../service.ts'
import { formatBytes, plural } from '../terminal/format.ts'

const MAX_BYTES = 1e9

export async function pull(
  given: Context,
  name: string,
  { out: dir, maxSize: maxBytes = MAX_BYTES }: { out: string; maxSize?: number | undefined },
): Promise<Done> {
  const { context, id } = inAccount(given, name)
  const { signal, out } = context
  const target = resolve(dir)
  await expectEmpty(target)
  await mkdir(dirname(target), { recursive: true })
  // Beside its final place, so that it appears there at once and whole.
  return withScratch(join(dirname(target), `.${basename(target)}-`), async (scratch) => {
    const file = join(scratch, 'archive.tar.gz')
    const stored = await withGateway(context, (gateway) =>
      fetchArchive(gateway, id, file, { signal, maxBytes }),
    )
    // Read through before anything is unpacked: one bad entry refuses the whole.
    const content = await readArchive(file, { maxBytes, signal })
    refuseUnsafe(id, content)
    const unpacked = join(scratch, 'unpacked')
    await mkdir(unpacked)
    await unpack(file, unpacked, content)
    if (signal.aborted)
      throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted.', { hint: `${dir} was not written.` })
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
        `Wrote ${plural(entries.length, 'file')}, ${formatBytes(size)}, to ${out.style('bold', dir)}`,
    }
  })
}

async function expectEmpty(dir: string): Promise<void> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new EvaluatorUploadError('FW_SOURCE', `${dir} cannot be written to (${error.code}).`, {
      hint: 'Name a folder that does not exist yet.',
    })
  })
  if (names.length === 0) return
  throw new EvaluatorUploadError('FW_SOURCE', `${dir} is not empty.`, {
    hint: 'Name another folder: nothing is overwritten.',
  })
}

function refuseUnsafe(id: string, { unsafe }: ArchiveContent): void {
  const [first] = unsafe
  if (first === undefined) return
  const others = unsafe.length > 1 ? `, and ${unsafe.length - 1} more` : ''
  throw new EvaluatorUploadError(
    'FW_SOURCE',
    `The archive of evaluator ${id} is not unpacked: ${first}${others}.`,
    {
      hint: 'It was not packed by fw-evaluator; do not trust it.',
    },
  )
}

async function unpack(file: string, cwd: string, { top }: ArchiveContent): Promise<void> {
  const { extract } = await import('tar')
  await extract({
    file,
    cwd,
    strict: true,
    strip: top === undefined ? 0 : 1,
    filter(_, entry) {
      // The second line of defence, after readArchive has refused whatever is neither.
      if (!('header' in entry) || !['File', 'OldFile', 'Directory'].includes(entry.type)) return false
      // No setuid, nothing that others may write to.
      const isExecutable = entry.type === 'Directory' || ((entry.mode ?? 0) & 0o100) !== 0
      entry.mode = isExecutable ? 0o755 : 0o644
      return true
    },
    preserveOwner: false,
    noMtime: true,
    chmod: true,
    processUmask: process.umask(),
  })
}
