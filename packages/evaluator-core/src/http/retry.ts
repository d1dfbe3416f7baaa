import { setTimeout as sleep } from 'node:timers/promises'
import { abortError } from '../deadline.ts'
import { EvaluatorUploadError } from '../errors.ts'
import { clean } from '../redact.ts'
import type { Failure } from './failure.ts'

/** Not implemented, and another version of HTTP: a server says these of every try. */
const LASTING_STATUS: readonly number[] = [501, 505]

/** Whether a later try may be answered better. Proxies and CDNs have their own numbers from 500 on, such as 520 to 530. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && !LASTING_STATUS.includes(status))
}

export interface RetryPolicy {
  readonly attempts: number
  readonly baseDelayMs: number
  readonly maxDelayMs: number
  /** Milliseconds after which no further try begins. @default none */
  readonly withinMs?: number | undefined
}

/** What is repeated for another reason than a request that failed; how requests are repeated is the user's to say. */
export const REPEATED: Readonly<Record<'expiredUrl' | 'lostEvaluator', RetryPolicy>> = {
  /** A signed URL that expired before the bytes were sent is replaced; one that expires thrice is a fault. */
  expiredUrl: { attempts: 3, baseDelayMs: 0, maxDelayMs: 0 },
  /** Another process may take the evaluator out of our hands between two steps. */
  lostEvaluator: { attempts: 3, baseDelayMs: 0, maxDelayMs: 0 },
}

/** What the store took may not be seen by the service at once; asked as long as that may take, at the user's pace. */
export function untilLanded({ baseDelayMs, maxDelayMs }: RetryPolicy): RetryPolicy {
  return { attempts: Number.POSITIVE_INFINITY, withinMs: 10_000, baseDelayMs, maxDelayMs }
}

/** What came of one try: a value; a failure that is data; or an error that was thrown further down. */
export type Attempt<T> = { value: T } | { failed: Failure } | { error: unknown; retry: boolean }

/** What one task tells the policy beside its attempts. */
export interface Retrying {
  /** What is tried, as in "Could not …". */
  what: string
  policy: RetryPolicy
  signal: AbortSignal
  onRetry?: ((retry: { attempt: number; delayMs: number; reason: string }) => void) | undefined
}

/**
 * The one loop that repeats: tries until it goes well, may not be tried again, or has been tried often or long enough.
 * What differs between tasks is data: the policy, and what each attempt says of itself.
 * @throws EvaluatorUploadError from the last attempt's failure, with the number of attempts; or the error it brought. Where a
 * deadline passed, the deadline's own, with what failed last
 */
export async function retry<T>(attempt: () => Promise<Attempt<T>>, retrying: Retrying): Promise<T> {
  let last: Failure | undefined
  const noted = async (): Promise<Attempt<T>> => {
    const outcome = await attempt()
    if ('failed' in outcome) last = outcome.failed
    return outcome
  }
  try {
    return await repeat(noted, retrying)
  } catch (error) {
    const isOver = error instanceof EvaluatorUploadError && error === retrying.signal.reason
    if (!isOver || !last) throw error
    // "It took too long" alone would hide why.
    const { code, message, hint } = error
    const reason = `${message} The last attempt failed: ${last.reason}.`
    throw new EvaluatorUploadError(code, reason, { hint: hint ?? last.hint })
  }
}

async function repeat<T>(
  attempt: () => Promise<Attempt<T>>,
  { what, policy, signal, onRetry }: Retrying,
): Promise<T> {
  const began = performance.now()
  for (let tried = 1; ; tried++) {
    if (signal.aborted) throw abortError(signal)
    const outcome = await attempt()
    if ('value' in outcome) return outcome.value
    const failed = 'failed' in outcome ? outcome.failed : undefined
    const mayRetry = 'failed' in outcome ? outcome.failed.retry : outcome.retry
    const isLate = performance.now() - began > (policy.withinMs ?? Number.POSITIVE_INFINITY)
    if (!mayRetry || isLate || tried >= policy.attempts) {
      throw 'failed' in outcome ? failureError(what, outcome.failed, tried) : outcome.error
    }
    const delayMs = delayAfter(tried, policy, failed?.retryAfterMs)
    if (failed) onRetry?.({ attempt: tried + 1, delayMs, reason: clean(failed.reason) })
    if (delayMs > 0) await pause(delayMs, signal)
  }
}

export function failureError(what: string, failed: Failure, attempts: number): EvaluatorUploadError {
  const { code, reason, ...details } = failed
  return new EvaluatorUploadError(code, `Could not ${what}: ${reason}.`, { ...details, attempts })
}

/**
 * Milliseconds to wait after the `attempt`th try. Full jitter: many clients that failed together must not come
 * back together. A Retry-After is a floor, not a suggestion, but never longer than `maxDelayMs`.
 */
export function delayAfter(attempt: number, policy: RetryPolicy, retryAfterMs = 0): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1))
  return Math.min(policy.maxDelayMs, retryAfterMs + Math.random() * ceiling)
}

/** Milliseconds asked for by a Retry-After header, which is seconds or a date. */
export function parseRetryAfter(value: string | undefined, now: number = Date.now()): number {
  if (value === undefined) return 0
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isFinite(ms) ? Math.max(0, ms) : 0
}

/**
 * Waits.
 * @throws EvaluatorUploadError FW_ABORTED or FW_TIMEOUT as soon as the signal is aborted
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw abortError(signal)
  })
}
