import { isSafeOrigin } from '../config/config.ts'
import { deadline } from '../deadline.ts'
import { EvaluatorUploadError } from '../errors.ts'
import type { Net } from '../gateway/call.ts'
import type { Evaluator } from '../gateway/evaluator.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Session } from '../gateway/session.ts'
import { exchange, USER_AGENT } from '../http/exchange.ts'
import { pause } from '../http/retry.ts'
import { redact } from '../redact.ts'

const LOG_LINES = 40
/** Enough for the last lines of any log; the whole may be many megabytes. */
const LOG_TAIL_BYTES = 256 * 1024

/** A build that ends at once is seen at once; the pauses grow up to intervalMs. */
const FIRST_PAUSE_MS = 250

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
  const net = await session.net()
  const limit = deadline(
    timeoutMs,
    `Evaluator ${evaluatorId} was still BUILDING after ${timeoutMs / 1000} s.`,
    'The build goes on at the service; look again later, or allow more time with wait.timeoutMs.',
    net.signal,
  )
  const { gateway } = session.withSignal(limit.signal)
  try {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
      const evaluator = await gateway.getEvaluator(evaluatorId)
      if (evaluator.state === 'ACTIVE') return evaluator
      if (evaluator.state === 'BUILD_FAILED') throw await buildFailed(evaluatorId, evaluator, gateway, net)
      await pause(Math.min(pauseMs, intervalMs), limit.signal)
    }
  } finally {
    limit.clear()
  }
}

async function buildFailed(
  evaluatorId: string,
  { status }: Evaluator,
  gateway: Pick<Gateway, 'getBuildLogEndpoint'>,
  net: Net,
): Promise<EvaluatorUploadError> {
  const log = await readLogTail(evaluatorId, gateway, net)
  const reason = status?.message ? `: ${status.message.replace(/\.$/, '')}` : ''
  const tail = log ? `\n${log}` : ''
  return new EvaluatorUploadError(
    'FW_BUILD_FAILED',
    `The build of evaluator ${evaluatorId} failed${reason}.${tail}`,
    {
      hint: log ? 'Mend what the build log says, and run again.' : 'The service gave no build log.',
    },
  )
}

/** The last lines of the build log; empty where there is none. A missing log must not hide that the build failed. */
async function readLogTail(
  evaluatorId: string,
  gateway: Pick<Gateway, 'getBuildLogEndpoint'>,
  { dispatcher, config, signal }: Net,
): Promise<string> {
  const url = await gateway.getBuildLogEndpoint(evaluatorId).catch(() => undefined)
  if (!url || !URL.canParse(url) || !isSafeOrigin(new URL(url))) return ''
  const outcome = await exchange(dispatcher, {
    method: 'GET',
    url,
    headers: { range: `bytes=-${LOG_TAIL_BYTES}`, 'user-agent': USER_AGENT },
    signal,
    idleMs: config.timeouts.attemptMs,
  })
  if ('failed' in outcome || outcome.reply.status > 206) return ''
  return redact(outcome.reply.text.trimEnd().split('\n').slice(-LOG_LINES).join('\n'))
}
