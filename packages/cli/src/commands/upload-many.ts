import {
  type EvaluatorFields,
  EvaluatorUploadError,
  type UploadResult,
  uploadEvaluator,
} from '@fw/evaluator-core'
import type { Context, Done } from '../context.ts'
import type { Shard } from '../options/flag-values.ts'
import { type ConfiguredEvaluator, loadConfig } from '../options/load-config.ts'
import { evaluatorFields, flagsForOne, type UploadFlags, withFlags } from '../options/upload-options.ts'
import { createPools, type Pools } from '../service.ts'
import { type FailureDocument, failureDocument, sayState } from '../terminal/failure.ts'
import { formatBytes, formatMs, plural } from '../terminal/format.ts'
import { createLogger } from '../terminal/logger.ts'
import type { Out } from '../terminal/out.ts'
import { createProgress, type Progress } from '../terminal/progress.ts'
import { UsageError } from '../terminal/usage-error.ts'
import { padEnd, width, wrap } from '../terminal/width.ts'

const CONCURRENCY = 4

/** The result for one evaluator. */
type Row = { id: string } & ({ ok: true; result: UploadResult } | { ok: false; error: FailureDocument })

export async function uploadMany(
  context: Context,
  dir: string | undefined,
  flags: UploadFlags,
): Promise<Done> {
  const { config = [], shard, concurrency = CONCURRENCY } = flags
  if (dir !== undefined) {
    throw new UsageError(
      `The folder "${dir}" and --config cannot be given together.`,
      'The config names the folders.',
    )
  }
  const all = await loadConfig(config)
  const evaluators = shard ? ofShard(all, shard) : all
  const forOne = flagsForOne(flags)
  if (all.length > 1 && forOne.length > 0) {
    throw new UsageError(
      `The config names ${all.length} evaluators, and ${forOne.join(', ')} is for one.`,
      'Set it in the config.',
    )
  }
  const fields = await evaluatorFields(flags)
  const pools = createPools()
  const progress = createProgress(context.err)
  const labels = Math.max(0, ...evaluators.map(({ evaluatorId }) => width(evaluatorId)))
  const rows: Row[] = []
  const tellCount = (): void => progress.footer(`${rows.length} of ${evaluators.length} done`)
  tellCount()
  try {
    await inParallel(evaluators, concurrency, async (evaluator) => {
      const began = performance.now()
      const row = await uploadOne(evaluator, { context, flags, fields, pools, progress })
      rows.push(row)
      tellCount()
      const { err } = context
      progress.keep(describeRow(row, { err, labels, ms: performance.now() - began }))
    })
  } finally {
    progress.stop()
    await pools.close()
  }
  rows.sort((a, b) => (a.id < b.id ? -1 : 1))
  const counts = {
    uploaded: count(rows, 'uploaded'),
    unchanged: count(rows, 'unchanged'),
    dryRun: count(rows, 'dry-run'),
    failed: rows.filter(({ ok }) => !ok).length,
  }
  return {
    result: { evaluators: rows, counts, ...(shard && { shard, of: all.length }) },
    text: () => describeAll(rows, counts, context.out),
    failed: counts.failed > 0,
  }
}

interface Shared {
  context: Context
  flags: UploadFlags
  /** The settings of the flags for every evaluator. */
  fields: EvaluatorFields
  pools: Pools
  progress: Progress
}

/** Never rejects, so that one failure does not stop the others. */
async function uploadOne(
  evaluator: ConfiguredEvaluator,
  { context, flags, fields, pools, progress }: Shared,
): Promise<Row> {
  const { evaluatorId: id } = evaluator
  const task = progress.task(id)
  const { accountId, baseUrl, signal } = context.gateway
  try {
    if (signal.aborted) throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted before it began.')
    const result = await uploadEvaluator({
      ...withFlags(evaluator, flags, fields),
      ...(accountId !== undefined && { accountId }),
      ...(baseUrl !== undefined && { baseUrl }),
      signal,
      logger: createLogger(context.err, context.verbose, progress.keep, id),
      dispatcher: evaluator.dispatcher ?? (await pools.get(evaluator.timeouts?.connectMs)),
      onProgress: task.onProgress,
    })
    return { id, ok: true, result }
  } catch (error) {
    return { id, ok: false, error: failureDocument(sayState(error, id, task.step)) }
  } finally {
    task.end()
  }
}

/**
 * The items of one shard: sorted by id, every `count`th from the `index`th on. It is the same on every machine with the
 * same list. The sizes of shards differ by one at most.
 */
function ofShard<T extends { evaluatorId: string }>(items: readonly T[], { index, count }: Shard): T[] {
  const sorted = [...items].sort((a, b) => (a.evaluatorId < b.evaluatorId ? -1 : 1))
  return sorted.filter((_, at) => at % count === index - 1)
}

/** Works on all items, `limit` at a time, and waits for all of them. `work` must not reject. */
async function inParallel<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  const worker = async (): Promise<void> => {
    // All workers share one iterator.
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
}

function count(rows: readonly Row[], outcome: UploadResult['outcome']): number {
  return rows.filter((row) => row.ok && row.result.outcome === outcome).length
}

function describeRow(row: Row, { err, labels, ms }: { err: Out; labels: number; ms: number }): string {
  const name = padEnd(row.id, labels)
  if (row.ok) {
    const { outcome, archive } = row.result
    return `${err.style('green', '✔')} ${name}  ${outcome}  ${formatBytes(archive.size)}  ${err.style('dim', formatMs(ms))}`
  }
  const { code, message, hint } = row.error
  const text = hint === undefined ? message : `${message}\n${hint}`
  return wrap(`${err.style('red', '✖')} ${name}  `, `${code} ${text}`, err.columns())
}

function describeAll(rows: readonly Row[], counts: Record<string, number>, out: Out): string {
  const parts = Object.entries(counts)
    .filter(([, number]) => number > 0)
    .map(([what, number]) => `${number} ${what === 'dryRun' ? 'would be uploaded' : what}`)
  const failed = rows.filter(({ ok }) => !ok).map(({ id }) => id)
  const total = `${plural(rows.length, 'evaluator')}: ${parts.join(', ') || 'nothing to do'}`
  if (failed.length === 0) return total
  return `${total}\n${wrap(`${out.style('red', 'failed')}  `, failed.join(' '), out.columns())}\nRun it again: only what is missing is sent.`
}
