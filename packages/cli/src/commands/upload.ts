import { printable, type UploadResult, uploadEvaluator } from '@fw/evaluator-core'
import type { Context, Done } from '../context.ts'
import { findEvaluator, findProjectFile } from '../options/project-file.ts'
import { evaluatorFields, type UploadFlags, withFlags } from '../options/upload-options.ts'
import { sayState } from '../terminal/failure.ts'
import { formatBytes, plural } from '../terminal/format.ts'
import { printLeftOut } from '../terminal/left-out.ts'
import { createLogger } from '../terminal/logger.ts'
import { paintState } from '../terminal/out.ts'
import { createProgress } from '../terminal/progress.ts'
import { UsageError } from '../terminal/usage-error.ts'

/**
 * Uploads one evaluator. With `--config`, or with a fw-evaluators file in the project, uploads all evaluators in it.
 */
export async function upload(context: Context, dir: string | undefined, flags: UploadFlags): Promise<Done> {
  const projectFile = flags.id === undefined && dir === undefined ? findProjectFile() : undefined
  const config = flags.config ?? (projectFile === undefined ? undefined : [projectFile])
  if (config === undefined) return uploadOne(context, dir ?? '.', flags)
  const { uploadMany } = await import('./upload-many.ts')
  return uploadMany(context, dir, { ...flags, config })
}

async function uploadOne(context: Context, dir: string, flags: UploadFlags): Promise<Done> {
  // Throws if the working directory was deleted: a better message than that nothing could be packed.
  process.cwd()
  const { concurrency, shard } = flags
  if (concurrency !== undefined || shard !== undefined) {
    throw new UsageError('--concurrency and --shard are for many evaluators: add --config.')
  }
  const { name: id } = await findEvaluator(flags.id, context)
  const fields = await evaluatorFields(flags)
  const progress = createProgress(context.err)
  const task = progress.task()
  try {
    const result = await uploadEvaluator({
      ...withFlags({ evaluatorId: id, source: dir }, flags, fields),
      ...context.gateway,
      logger: createLogger(context.err, context.verbose, progress.keep),
      onProgress: task.onProgress,
    })
    progress.stop()
    return { result, text: () => describe(result, context) }
  } catch (error) {
    throw sayState(error, id, task.step)
  } finally {
    progress.stop()
  }
}

const SAYS: Readonly<Record<UploadResult['outcome'], string>> = {
  uploaded: 'Uploaded',
  unchanged: 'Unchanged',
  'dry-run': 'Would upload',
}

function describe(
  { outcome, name, evaluator, dashboardUrl, archive }: UploadResult,
  { out, err }: Context,
): string {
  printLeftOut(err, archive.leftOut)
  const state = evaluator?.state ? ` ${paintState(out, printable(evaluator.state))}` : ''
  const lines = [
    `${SAYS[outcome]} ${out.style('bold', printable(name))}${state}`,
    ...(outcome === 'unchanged' ? ['Nothing was sent: the service has the same bytes and fields.'] : []),
    `${formatBytes(archive.size)}, ${plural(archive.entries.length, 'file')}`,
    `sha256 ${archive.sha256}`,
  ]
  if (outcome !== 'dry-run') lines.push(dashboardUrl)
  if (evaluator?.state === 'BUILDING') {
    lines.push(`Follow the build: fw-evaluator logs ${name.replace(/^.*\//, '')} --follow`)
  }
  return lines.join('\n')
}
