import { setTimeout as sleep } from 'node:timers/promises'

/** Answers that a later try may turn into a good one. */
export const RETRIED_STATUS: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

export interface RetryPolicy {
  readonly attempts: number
  readonly baseDelayMs: number
  readonly maxDelayMs: number
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

/** Waits, or rejects with the signal's reason as soon as it is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted())
}
