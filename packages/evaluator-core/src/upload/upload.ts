import type { Archive } from '../archive/archive.ts'
import type { CollectedSource } from '../archive/pack.ts'
import { dashboardUrl } from '../config/dashboard.ts'
import { deadline } from '../deadline.ts'
import { EvaluatorUploadError } from '../errors.ts'
import type { Evaluator } from '../gateway/evaluator.ts'
import { createSession, type Session } from '../gateway/session.ts'
import { REPEATED, retry } from '../http/retry.ts'
import type { EvaluatorFields, PackOptions, UploadOptions } from '../options.ts'
import { createSteps, type Step, type Steps } from '../progress.ts'
import { concurrently } from './concurrently.ts'
import { type Reached, withStateHint } from './failure.ts'
import { type Job, refuseKey, resolveJob } from './job.ts'
import { prepareEvaluator } from './prepare.ts'
import { findProvenance } from './provenance.ts'
import { isUnchanged, type RemoteState, readRemoteState } from './remote-state.ts'
import { transferArchive } from './transfer.ts'
import { validateUpload } from './validate.ts'
import { waitForBuild } from './wait.ts'

/** The result of an upload. */
export interface UploadResult {
  /** `unchanged`: the service has the same bytes and fields, so nothing was sent. */
  outcome: 'uploaded' | 'unchanged' | 'dry-run'
  /** `accounts/<account>/evaluators/<id>`; without an account (in a dry run) `evaluators/<id>`. */
  name: string
  /** The last known state. Missing in a dry run. */
  evaluator?: Evaluator
  /** Whether the store confirmed digest or length of the stored bytes. Missing if nothing was sent. */
  verified?: boolean
  /** Its web page: in the service's dashboard, or the emulator's page. */
  dashboardUrl: string
  /** The archive, sent or not. */
  archive: Pick<Archive, 'fileName' | 'size' | 'sha256' | 'md5' | 'entries' | 'leftOut'>
  /** Milliseconds; 0 for a step that was not needed. */
  timings: Record<Step, number>
}

/** The workflow, top to bottom; documented for users in api.ts. */
export async function uploadEvaluator(options: UploadOptions): Promise<UploadResult> {
  const job = await resolveJob(options)
  const steps = createSteps(job.emit)
  const { totalMs } = job.config.timeouts
  const limit = deadline(
    totalMs,
    `The upload of evaluator ${job.evaluatorId} took longer than ${totalMs} ms.`,
    'Allow more time with timeouts.totalMs.',
    job.signal,
  )
  try {
    return await (job.dryRun ? dryRun : bringUp)(job, steps, limit.signal)
  } finally {
    limit.clear()
  }
}

async function dryRun(job: Job, steps: Steps, signal: AbortSignal): Promise<UploadResult> {
  const { collectSource, writeArchive } = await import('../archive/pack.ts')
  const { checkDeclared, checkPython, requireEntryPoint } = await import('../archive/uploadable.ts')
  const source = await collectSource(packOptions(job, signal))
  await checkDeclared(source, job.fields.requirements)
  await checkPython(source, signal)
  await requireEntryPoint(source, undefined)
  const archive = await steps.run('pack', () => writeArchive(source))
  await archive.dispose()
  return result(job, 'dry-run', archive, steps)
}

async function bringUp(job: Job, steps: Steps, signal: AbortSignal): Promise<UploadResult> {
  const session = createSession({
    config: async () => job.config,
    signal,
    dispatcher: job.dispatcher,
    onRetry: (retry) => job.emit({ type: 'retry', step: steps.current, ...retry }),
  })
  /** Ends git and Python, which would otherwise keep the process alive. */
  const aside = new AbortController()
  try {
    // Two round trips, during which packing is loaded and the files are chosen.
    await session.connect()
    const { collectSource, writeArchive } = await import('../archive/pack.ts')
    const { checkDeclared, checkPython } = await import('../archive/uploadable.ts')
    // Errors in names, or in a given entry point, show here, before the first request.
    const source = await collectSource(packOptions(job, signal))
    await checkDeclared(source, job.fields.requirements)
    const provenance = findProvenance(source.dir, process.env, aside.signal)
    const python = checkPython(source, AbortSignal.any([signal, aside.signal])).catch(
      (error: unknown) => error,
    )
    const [remote, archive] = await concurrently(
      signal,
      (signal) => steps.run('prepare', () => lookAndCheck(job, { source, python }, session, signal)),
      (signal) => steps.run('pack', () => writeArchive(source, signal)),
      (archive) => archive.dispose(),
    )
    try {
      if (isUnchanged(job, archive, remote)) return result(job, 'unchanged', archive, steps, remote)
      await throwFailure(python).catch((error: unknown) => {
        throw withStateHint(error, 'nothing', job.evaluatorId)
      })
      const sent = await send(job, { archive, remote, provenance }, steps, session)
      return { ...result(job, 'uploaded', archive, steps, { ...remote, ...sent }), verified: sent.verified }
    } finally {
      await archive.dispose()
    }
  } finally {
    aside.abort()
    await session.close()
  }
}

/** Throws the error of a task that runs next to others. */
async function throwFailure(task: Promise<unknown>): Promise<void> {
  const failure = await task
  if (failure !== undefined) throw failure
}

/** The state at the service, after the check of the entry point. */
async function lookAndCheck(
  job: Job,
  { source, python }: { source: CollectedSource; python: Promise<unknown> },
  session: Session,
  signal: AbortSignal,
): Promise<RemoteState> {
  const { requireEntryPoint } = await import('../archive/uploadable.ts')
  try {
    const remote = await readRemoteState(job, session.withSignal(signal))
    // A file that cannot be parsed has no entry point. Report the cause, and not the consequence.
    if (source.preflight.noEntryPoint) await throwFailure(python)
    await requireEntryPoint(source, remote.evaluator?.entryPoint)
    return remote
  } catch (error) {
    throw withStateHint(error, 'nothing', job.evaluatorId)
  }
}

interface Sending {
  archive: Archive
  remote: RemoteState
  provenance: Promise<EvaluatorFields>
}

async function send(
  job: Job,
  { archive, remote, provenance }: Sending,
  steps: Steps,
  session: Session,
): Promise<{ evaluator: Evaluator; verified: boolean }> {
  const { evaluatorId, wait } = job
  const { entryPoint } = archive
  const fields = { ...(await provenance), ...(entryPoint && { entryPoint }), ...job.fields }
  // Checked again, because a variable of the CI may have any value.
  refuseKey(fields, job.config.apiKey)
  const { gateway, net } = session
  const { signal } = await net()
  const retrying = { policy: job.config.retry, signal }
  let found = remote.evaluator
  let isLost = false
  let reached: Reached = 'nothing'
  try {
    const sent = await retry(
      async () => {
        if (isLost) found = await gateway.getEvaluator(evaluatorId)
        reached = 'preparing'
        const evaluator = await steps.run('prepare', () =>
          prepareEvaluator(gateway, { evaluatorId, fields, found, ...retrying }),
        )
        reached = 'prepared'
        try {
          const verified = await transferArchive(job, archive, steps, session)
          reached = 'stored'
          await steps.run('validate', () => validateUpload(gateway, evaluatorId, evaluator, retrying))
          return { value: { evaluator, verified } }
        } catch (error) {
          // Another process that uploads the same evaluator has ended the state BUILDING that this one had prepared.
          isLost = isConflict(error)
          return { error, retry: isLost }
        }
      },
      { what: `upload evaluator ${evaluatorId}`, policy: REPEATED.lostEvaluator, signal },
    )
    reached = 'validated'
    if (!wait) return sent
    const waiting = session.withSignal(job.signal)
    return { ...sent, evaluator: await steps.run('build', () => waitForBuild(evaluatorId, wait, waiting)) }
  } catch (error) {
    throw withStateHint(error, reached, evaluatorId)
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof EvaluatorUploadError && error.code === 'FW_CONFLICT'
}

function packOptions(
  { evaluatorId, source, entryPoint, allowSecrets, config, logger, emit }: Job,
  signal: AbortSignal,
): PackOptions {
  const { apiKey } = config
  return { evaluatorId, source, entryPoint, allowSecrets, apiKey, signal, logger, onProgress: emit }
}

function result(
  { evaluatorId, config }: Job,
  outcome: UploadResult['outcome'],
  { fileName, size, sha256, md5, entries, leftOut }: Archive,
  { timings }: Steps,
  { accountId, evaluator }: Partial<RemoteState> = config,
): UploadResult {
  const path = `evaluators/${evaluatorId}`
  return {
    outcome,
    name: accountId ? `accounts/${accountId}/${path}` : path,
    ...(evaluator && { evaluator }),
    dashboardUrl: dashboardUrl(config.baseUrl, evaluatorId),
    archive: { fileName, size, sha256, md5, entries, leftOut },
    timings,
  }
}
