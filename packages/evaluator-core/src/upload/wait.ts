import { deadline } from '../deadline.ts'
import { EvaluatorUploadError } from '../errors.ts'
import type { Evaluator } from '../gateway/evaluator.ts'
import type { Session } from '../gateway/session.ts'
import { pause } from '../http/retry.ts'
import { readTail } from '../store/download.ts'

const LOG_LINES = 40
/** Enough for the last lines of any log; the whole may be many megabytes. */
const LOG_TAIL_BYTES = 256 * 1024
/** The log is shown as far as it has come by then; that the build failed is known already. */
const MAX_LOG_MS = 5000

/** A build that ends at once is seen at once; later it is seen after a tenth of the time that it took. */
const MIN_PAUSE_MS = 250
const PAUSE_OF_ELAPSED = 0.1

export interface BuildWait {
  readonly timeoutMs: number
  readonly intervalMs: number
}

/**
 * Looks until the build has ended. Builds of 45 s to 4 min were seen with the real service.
 * @throws EvaluatorUploadError FW_BUILD_FAILED with the end of the log, FW_TIMEOUT, FW_NOT_FOUND, FW_ABORTED
 */
export async function waitForBuild(
  evaluatorId: string,
  { timeoutMs, intervalMs }: BuildWait,
  session: Session,
): Promise<Evaluator> {
  const { signal } = await session.net()
  const limit = deadline(
    timeoutMs,
    `Evaluator ${evaluatorId} was still BUILDING after ${timeoutMs / 1000} s.`,
    'The build goes on at the service; look again later, or allow more time with wait.timeoutMs.',
    signal,
  )
  const { gateway } = session.withSignal(limit.signal)
  const began = performance.now()
  const elapsed = () => performance.now() - began
  try {
    for (;;) {
      const evaluator = await gateway.getEvaluator(evaluatorId)
      if (evaluator.state === 'ACTIVE') return evaluator
      if (evaluator.state === 'BUILD_FAILED') {
        const leftMs = Math.max(MIN_PAUSE_MS, timeoutMs - elapsed())
        throw await buildFailed(evaluatorId, evaluator, session, Math.min(MAX_LOG_MS, leftMs))
      }
      await pause(Math.min(Math.max(MIN_PAUSE_MS, elapsed() * PAUSE_OF_ELAPSED), intervalMs), limit.signal)
    }
  } finally {
    limit.clear()
  }
}

async function buildFailed(
  evaluatorId: string,
  { status }: Evaluator,
  session: Session,
  logMs: number,
): Promise<EvaluatorUploadError> {
  const log = await readLogTail(evaluatorId, session, logMs)
  const reason = status?.message ? `: ${status.message.replace(/\.$/, '')}` : ''
  const tail = log ? `\n${log}` : ''
  return new EvaluatorUploadError(
    'FW_BUILD_FAILED',
    `The build of evaluator ${evaluatorId} failed${reason}.${tail}`,
    {
      hint: log ? 'Fix the error in the log, then run again.' : 'The service gave no build log.',
    },
  )
}

/** The last lines of the build log; empty where there is none. A missing log must not hide that the build failed. */
async function readLogTail(evaluatorId: string, session: Session, logMs: number): Promise<string> {
  const { dispatcher, config, signal: parent } = await session.net()
  const { signal, clear } = deadline(logMs, 'The build log did not come in time.', '', parent)
  try {
    const url = await session.withSignal(signal).gateway.getBuildLogEndpoint(evaluatorId)
    const { baseUrl, timeouts } = config
    const text = await readTail(url, LOG_TAIL_BYTES, {
      dispatcher,
      signal,
      attemptMs: timeouts.attemptMs,
      baseUrl,
    })
    return text.trimEnd().split('\n').slice(-LOG_LINES).join('\n')
  } catch {
    return ''
  } finally {
    clear()
  }
}
