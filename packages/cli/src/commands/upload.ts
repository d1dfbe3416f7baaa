import { EvaluatorUploadError, type UploadResult, uploadEvaluator } from '@fw/evaluator-core'
import type { Context, Done } from '../context.ts'
import { evaluatorFields, folderRules, sharedOptions, type UploadFlags } from '../options/upload-options.ts'
import { formatBytes, plural } from '../terminal/format.ts'
import { printLeftOut } from '../terminal/left-out.ts'
import { createLogger } from '../terminal/logger.ts'
import { paintState } from '../terminal/out.ts'
import { createProgress } from '../terminal/progress.ts'
import { UsageError } from '../terminal/usage-error.ts'

export async function upload(context: Context, dir = '.', flags: UploadFlags): Promise<Done> {
  const { id, concurrency, shard } = flags
  if (id === undefined) {
    throw new UsageError('--id is missing.', 'Name the evaluator: fw-evaluator upload dist --id my-evaluator')
  }
  if (concurrency !== undefined || shard !== undefined) {
    throw new UsageError('--concurrency and --shard are for --config.')
  }
  const evaluator = await evaluatorFields(flags)
  const progress = createProgress(context.err)
  const task = progress.task()
  try {
    const result = await uploadEvaluator({
      ...context.gateway,
      logger: createLogger(context.err, context.verbose, progress.keep),
      ...sharedOptions(flags),
      evaluatorId: id,
      source: { dir, ...folderRules(flags) },
      evaluator,
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

/** Core says what an interrupted upload leaves, except where it leaves nothing that waits for another run. */
export function sayState(error: unknown, id: string, step: string | undefined): unknown {
  if (!(error instanceof EvaluatorUploadError) || error.code !== 'FW_ABORTED' || error.hint) return error
  const hint =
    step === 'build'
      ? `Evaluator ${id} is BUILDING and the build goes on at the service; fw-evaluator status ${id} shows how.`
      : `Nothing was changed at the service: evaluator ${id} is as it was.`
  return new EvaluatorUploadError(error.code, error.message, { hint })
}

const SAYS: Readonly<Record<UploadResult['outcome'], string>> = {
  uploaded: 'Uploaded',
  unchanged: 'Unchanged: the service holds the same bytes and fields of',
  'dry-run': 'Would upload',
}

function describe(
  { outcome, name, evaluator, dashboardUrl, archive }: UploadResult,
  { out, err }: Context,
): string {
  printLeftOut(err, archive.leftOut)
  const state = evaluator?.state ? ` ${paintState(out, evaluator.state)}` : ''
  const lines = [
    `${SAYS[outcome]} ${out.style('bold', name)}${state}`,
    `${formatBytes(archive.size)}, ${plural(archive.entries.length, 'file')}`,
    `sha256 ${archive.sha256}`,
  ]
  if (outcome !== 'dry-run') lines.push(dashboardUrl)
  return lines.join('\n')
}
