import type { Archive } from './archive.ts'
import { both } from './both.ts'
import { waitForBuild } from './build.ts'
import { dashboardUrl } from './dashboard.ts'
import { deadline } from './deadline.ts'
import { EvaluatorUploadError } from './errors.ts'
import type { Evaluator } from './evaluator.ts'
import { changedFields } from './fields.ts'
import { type Job, resolveJob } from './job.ts'
import { type Reached, tellWhatIsLeft } from './left-behind.ts'
import type { EvaluatorFields, PackOptions, UploadOptions } from './options.ts'
import { type CollectedSource, collectSource, writeArchive } from './pack.ts'
import { findEvaluator, prepareEvaluator } from './prepare.ts'
import type { Step } from './progress.ts'
import { findProvenance } from './provenance.ts'
import { createSession, type Session } from './session.ts'
import { putArchive } from './signed-url.ts'
import { createSteps, type Steps } from './steps.ts'
import { findStoredMd5 } from './stored-source.ts'
import { validateUpload } from './validate.ts'

export interface UploadResult {
  /** `unchanged`: the service holds the same bytes and fields, nothing was sent. */
  outcome: 'uploaded' | 'unchanged' | 'dry-run'
  /** `accounts/<account>/evaluators/<id>`; without an account (a dry run that knows none) `evaluators/<id>`. */
  name: string
  /** As last seen. Missing in a dry run. */
  evaluator?: Evaluator
  /** Its page in the browser. */
  dashboardUrl: string
  archive: Pick<Archive, 'fileName' | 'size' | 'sha256' | 'md5' | 'entries' | 'leftOut'>
  /** Milliseconds; 0 for a step that was not needed. */
  timings: Record<Step, number>
}

/** A URL that expires before the bytes are sent is replaced; one that expires thrice is a fault. */
const MAX_URLS = 3
/** Times that another process may take the evaluator out of our hands. */
const MAX_PREPARES = 3

/**
 * Packs an evaluator and brings it to the service: look, and pack meanwhile; decide whether anything changed; create
 * it or prepare it in place; ask for a signed URL; PUT; validate; and, with `wait`, see the build end.
 *
 * @example
 * ```ts
 * const { name, evaluator } = await uploadEvaluator({ evaluatorId: 'my-evaluator', source: 'dist', wait: true })
 * ```
 * @throws EvaluatorUploadError whatever did not go well, with what was left where in its hint
 */
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
    // Whatever is wrong with the names and the entry point shows here, before any network.
    const source = await collectSource(packOptions(job, limit.signal))
    return await (job.dryRun ? dryRun(job, source, steps) : bringUp(job, source, steps, limit.signal))
  } finally {
    limit.clear()
  }
}

async function dryRun(job: Job, source: CollectedSource, steps: Steps): Promise<UploadResult> {
  const archive = await steps.run('pack', () => writeArchive(source))
  await archive.dispose()
  return result(job, 'dry-run', archive, steps)
}

async function bringUp(
  job: Job,
  source: CollectedSource,
  steps: Steps,
  signal: AbortSignal,
): Promise<UploadResult> {
  const session = createSession({
    config: async () => job.config,
    signal,
    dispatcher: job.dispatcher,
    onRetry: (retry) => job.emit({ type: 'retry', step: steps.current, ...retry }),
  })
  const provenance = findProvenance(source.dir)
  try {
    const [archive, seen] = await both(
      signal,
      (signal) => steps.run('pack', () => writeArchive(source, signal)),
      (signal) => steps.run('prepare', () => lookFirst(job, session.withSignal(signal))),
      (archive) => archive.dispose(),
    )
    try {
      const account = await session.gateway.account()
      if (isUnchanged(job, archive, seen))
        return result(job, 'unchanged', archive, steps, account, seen.evaluator)
      const evaluator = await send(job, { archive, seen, provenance }, steps, session)
      return result(job, 'uploaded', archive, steps, account, evaluator)
    } finally {
      await archive.dispose()
    }
  } finally {
    await session.close()
  }
}

/** What the service holds now. */
interface Seen {
  evaluator?: Evaluator | undefined
  md5?: string | undefined
}

async function lookFirst(job: Job, session: Session): Promise<Seen> {
  return look(job, session).catch((error: unknown) => {
    throw tellWhatIsLeft(error, 'nothing', job.evaluatorId)
  })
}

async function look(job: Job, session: Session): Promise<Seen> {
  const { gateway } = session
  await session.connect()
  await gateway.account()
  // The account is known, so that both go out together: one round trip.
  const md5 = job.skipUnchanged ? findStoredMd5(job.evaluatorId, session) : undefined
  const evaluator = await findEvaluator(gateway, job.evaluatorId)
  if (!evaluator && job.ifMissing === 'error') throw missing(job.evaluatorId, await gateway.account())
  return { evaluator, md5: evaluator?.state === 'ACTIVE' ? await md5 : undefined }
}

function isUnchanged({ skipUnchanged, fields }: Job, archive: Archive, { evaluator, md5 }: Seen): boolean {
  if (!skipUnchanged || evaluator?.state !== 'ACTIVE' || md5 !== archive.md5) return false
  return Object.keys(changedFields(fields, evaluator)).length === 0
}

interface Sending {
  archive: Archive
  seen: Seen
  provenance: Promise<EvaluatorFields>
}

async function send(job: Job, sending: Sending, steps: Steps, session: Session): Promise<Evaluator> {
  const { evaluatorId, wait } = job
  const { archive } = sending
  const { entryPoint } = archive
  const fields = { ...(await sending.provenance), ...(entryPoint && { entryPoint }), ...job.fields }
  const { gateway, net } = session
  const { signal } = await net()
  const persistence = { policy: job.config.retry, signal }
  let found = sending.seen.evaluator
  let reached: Reached = 'nothing'
  try {
    for (let prepares = 1; ; prepares++) {
      reached = 'preparing'
      const prepared = await steps.run('prepare', () =>
        prepareEvaluator(gateway, { evaluatorId, fields, found, ...persistence }),
      )
      reached = 'prepared'
      try {
        await putUnderFreshUrls(job, archive, steps, session)
        reached = 'stored'
        await steps.run('validate', () => validateUpload(gateway, evaluatorId, prepared, persistence))
      } catch (error) {
        // Another process that uploads the same evaluator ended the BUILDING that this one had prepared.
        if (!isConflict(error) || prepares === MAX_PREPARES) throw error
        found = await gateway.getEvaluator(evaluatorId)
        continue
      }
      reached = 'validated'
      if (!wait) return prepared
      return await steps.run('build', () => waitForBuild(evaluatorId, wait, session.withSignal(job.signal)))
    }
  } catch (error) {
    throw tellWhatIsLeft(error, reached, evaluatorId)
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof EvaluatorUploadError && error.code === 'FW_CONFLICT'
}

async function putUnderFreshUrls(job: Job, archive: Archive, steps: Steps, session: Session): Promise<void> {
  const net = await session.net()
  for (let urls = 1; urls <= MAX_URLS; urls++) {
    const url = await steps.run('endpoint', () => askForUrl(job, archive, session))
    const outcome = await steps.run('put', () =>
      putArchive(url, archive, net, (done) =>
        job.emit({ type: 'bytes', step: 'put', done, total: archive.size }),
      ),
    )
    if (outcome === 'stored') return await session.remember(url)
  }
  throw new EvaluatorUploadError(
    'FW_SIGNED_URL',
    `Could not upload ${archive.fileName}: the store called ${MAX_URLS} signed URLs expired, one after the other.`,
    { hint: 'Check that the clock of this machine is right.' },
  )
}

async function askForUrl(
  { evaluatorId }: Job,
  { fileName, size }: Archive,
  { gateway }: Session,
): Promise<string> {
  const urls = await gateway.getUploadEndpoint(evaluatorId, { [fileName]: size })
  const url = urls[fileName]
  if (url) return url
  throw new EvaluatorUploadError(
    'FW_GATEWAY',
    `The service gave no upload URL for ${fileName} of ${evaluatorId}.`,
    {
      hint: 'Run again; if it stays so, ask the support of the service.',
    },
  )
}

function missing(evaluatorId: string, accountId: string): EvaluatorUploadError {
  return new EvaluatorUploadError('FW_NOT_FOUND', `Account ${accountId} has no evaluator ${evaluatorId}.`, {
    hint: `Check the id, or let it be created with ifMissing: 'create'.`,
  })
}

function packOptions(
  { evaluatorId, source, fields, config, logger, emit }: Job,
  signal: AbortSignal,
): PackOptions {
  const { entryPoint } = fields
  return { evaluatorId, source, entryPoint, apiKey: config.apiKey, signal, logger, onProgress: emit }
}

function result(
  { evaluatorId, config }: Job,
  outcome: UploadResult['outcome'],
  { fileName, size, sha256, md5, entries, leftOut }: Archive,
  { timings }: Steps,
  account: string | undefined = config.accountId,
  evaluator?: Evaluator,
): UploadResult {
  const path = `evaluators/${evaluatorId}`
  return {
    outcome,
    name: account ? `accounts/${account}/${path}` : path,
    ...(evaluator && { evaluator }),
    dashboardUrl: dashboardUrl(config.baseUrl, evaluatorId),
    archive: { fileName, size, sha256, md5, entries, leftOut },
    timings,
  }
}
