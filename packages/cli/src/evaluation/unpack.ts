import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EvaluatorUploadError, packEvaluator, uploadEvaluator } from '@fw/evaluator-core'
import { readArchive } from '../archive/read-archive.ts'
import type { Context } from '../context.ts'
import { defaultId } from '../options/evaluator-name.ts'
import { folderRules, type UploadFlags } from '../options/upload-options.ts'

/** What goes up, unpacked as the service unpacks it. */
export interface Unpacked {
  /** Folder with what the archive's top folder holds. */
  readonly dir: string
  readonly evaluatorId: string
}

export type SourceFlags = Pick<UploadFlags, 'id' | 'include' | 'exclude' | 'gitignore'>

/** @throws EvaluatorUploadError FW_SOURCE, as packEvaluator and reading an archive do */
export async function unpackSource(
  { signal, gateway }: Context,
  path: string,
  flags: SourceFlags,
  scratch: string,
): Promise<Unpacked> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new EvaluatorUploadError('FW_SOURCE', `${path} does not exist.`, {
      hint: 'Name a folder, or an archive as fw-evaluator pack writes it.',
      cause,
    })
  })
  let archive = path
  if (stats.isDirectory()) {
    archive = join(scratch, 'archive.tar.gz')
    await packEvaluator({
      evaluatorId: flags.id ?? defaultId(path),
      source: { dir: path, ...folderRules(flags) },
      outFile: archive,
      signal,
      logger: gateway.logger,
    })
  }
  const { top } = await readArchive(archive, { signal })
  // Named as the service names it: a dataset's path may be relative to the folder above.
  const evaluatorId = flags.id ?? top ?? defaultId(path)
  const dir = join(scratch, 'evaluator', evaluatorId)
  await mkdir(dir, { recursive: true })
  const { extract } = await import('tar')
  await extract({ file: archive, cwd: dir, strip: top === undefined ? 0 : 1, strict: true })
  return { dir, evaluatorId }
}

/**
 * The entry point of an unpacked evaluator, found as an upload finds it.
 * @throws EvaluatorUploadError FW_SOURCE where there is none, or more than one
 */
export async function findEntryPoint(
  { gateway, signal }: Context,
  { dir, evaluatorId }: Unpacked,
): Promise<string> {
  const source = { dir, gitignore: false }
  const archive = await packEvaluator({ evaluatorId, source, signal, logger: gateway.logger })
  await archive.dispose()
  if (archive.entryPoint !== undefined) return archive.entryPoint
  // An upload would say what it found instead.
  await uploadEvaluator({ evaluatorId, source, dryRun: true, signal, logger: gateway.logger })
  throw new EvaluatorUploadError('FW_SOURCE', `${evaluatorId} has no test to run.`, {
    hint: 'Name it: --entry-point path/to/file.py::function',
  })
}
