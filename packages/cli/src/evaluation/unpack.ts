import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EvaluatorUploadError, type PackOptions, packEvaluator, uploadEvaluator } from '@fw/evaluator-core'
import { readArchive } from '../archive/read-archive.ts'
import type { Context } from '../context.ts'
import { defaultId } from '../options/evaluator-name.ts'
import { type ConfiguredEvaluator, loadConfig } from '../options/load-config.ts'
import { findProjectFile } from '../options/project-file.ts'
import { folderRules, type UploadFlags } from '../options/upload-options.ts'
import { UsageError } from '../terminal/usage-error.ts'

/** The archive of an upload, unpacked as at the service. */
export interface Unpacked {
  /** Folder with the content of the archive's top folder. */
  readonly dir: string
  readonly evaluatorId: string
}

export type SourceFlags = Pick<UploadFlags, 'id' | 'include' | 'exclude' | 'gitignore' | 'allowSecret'> & {
  config?: string | undefined
}

/**
 * The evaluator of a config, `--config` or the project's own: the one with the id, or the only one. `undefined` if
 * there is no config, or if the project's own does not have the id.
 * @throws UsageError if it is not clear which one is meant
 */
export async function configuredEvaluator({
  id,
  config,
}: SourceFlags): Promise<ConfiguredEvaluator | undefined> {
  const file = config ?? findProjectFile()
  if (file === undefined) return undefined
  const all = await loadConfig([file])
  const [only] =
    id === undefined ? all : all.filter(({ evaluatorId }) => lastName(evaluatorId) === lastName(id))
  if (only && (id !== undefined || all.length === 1)) return only
  if (id !== undefined && config === undefined) return undefined
  const names = all.map(({ evaluatorId }) => evaluatorId).join(', ')
  throw new UsageError(
    id === undefined
      ? `${file} names ${all.length} evaluators; say which one.`
      : `${file} names no evaluator ${id}.`,
    `Name one with --id: ${names}`,
  )
}

/** `accounts/a/evaluators/b` → `b` */
function lastName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

/**
 * @param from a folder, an archive, or an evaluator of a config
 * @throws EvaluatorUploadError FW_SOURCE, as packEvaluator and reading an archive do
 */
export async function unpackSource(
  { signal, gateway }: Context,
  from: string | ConfiguredEvaluator,
  flags: SourceFlags,
  scratch: string,
): Promise<Unpacked> {
  const what = typeof from === 'string' ? await fromPath(from, flags) : from
  let archive: string
  if (typeof what === 'string') archive = what
  else {
    archive = join(scratch, 'archive.tar.gz')
    const { evaluatorId, source, allowSecrets } = what
    const logger = gateway.logger
    await packEvaluator({ evaluatorId, source, allowSecrets, outFile: archive, signal, logger })
  }
  const { top } = await readArchive(archive, { signal })
  // Named as at the service, because a dataset's path may be relative to the folder above.
  const evaluatorId = (flags.id && lastName(flags.id)) ?? top ?? defaultId(archive)
  const dir = join(scratch, 'evaluator', evaluatorId)
  await mkdir(dir, { recursive: true })
  const { extract } = await import('tar')
  await extract({ file: archive, cwd: dir, strip: top === undefined ? 0 : 1, strict: true })
  return { dir, evaluatorId }
}

/** The archive of a folder, or the path itself if it is an archive. */
async function fromPath(path: string, flags: SourceFlags): Promise<PackOptions | string> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new EvaluatorUploadError('FW_SOURCE', `${path} does not exist.`, {
      hint: 'Name a folder, or an archive as fw-evaluator pack writes it.',
      cause,
    })
  })
  if (!stats.isDirectory()) return path
  const source = { dir: path, ...folderRules(flags) }
  return { evaluatorId: flags.id ?? defaultId(path), source, allowSecrets: flags.allowSecret }
}

/**
 * Finds the entry point of an unpacked evaluator, as an upload does.
 * @throws EvaluatorUploadError FW_SOURCE if there is none, or more than one
 */
export async function findEntryPoint(
  { gateway, signal }: Context,
  { dir, evaluatorId }: Unpacked,
): Promise<string> {
  // Secrets were checked when it was packed.
  const packed = { evaluatorId, source: { dir, gitignore: false }, allowSecrets: ['**'] }
  const archive = await packEvaluator({ ...packed, signal, logger: gateway.logger })
  await archive.dispose()
  if (archive.entryPoint !== undefined) return archive.entryPoint
  // Print what an upload would say.
  await uploadEvaluator({ ...packed, dryRun: true, signal, logger: gateway.logger })
  throw new EvaluatorUploadError('FW_SOURCE', `${evaluatorId} has no test to run.`, {
    hint: 'Name it: --entry-point path/to/file.py::function',
  })
}
