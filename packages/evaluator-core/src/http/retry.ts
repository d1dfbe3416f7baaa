import { setTimeout as sleep } from 'node:timers/promises'
import { abortError } from '../deadline.ts'
import { EvaluatorUploadError } from '../errors.ts'
import type { Failure } from './failure.ts'

/** Answers that a later try may turn into a good one. */
export const RETRIED_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

export interface RetryPolicy {
  readonly attempts: number
  readonly baseDelayMs: number
  readonly maxDelayMs: number
}

/** What one task tells the policy beside its attempts. */
export interface Retrying {
  /** What is tried, as in "Could not …". */
  what: string
  policy: RetryPolicy
  signal: AbortSignal
  onRetry?: ((retry: { attempt: number; delayMs: number; reason: string }) => void) | undefined
}

/**
 * Tries until it goes well, may not be tried again, or has been tried often enough.
 * @throws EvaluatorUploadError from the last attempt's failure, with the number of attempts
 */
export async function retry<T>(
  attempt: () => Promise<{ value: T } | { failed: Failure }>,
  { what, policy, signal, onRetry }: Retrying,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    if (signal.aborted) throw abortError(signal)
    const outcome = await attempt()
    if ('value' in outcome) return outcome.value
    const { failed } = outcome
    if (!failed.retry || tried >= policy.attempts) throw failureError(what, failed, tried)
    const delayMs = delayAfter(tried, policy, failed.retryAfterMs)
    onRetry?.({ attempt: tried + 1, delayMs, reason: failed.reason })
    await pause(delayMs, signal)
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
