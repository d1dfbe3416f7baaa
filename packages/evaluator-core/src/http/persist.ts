import { EvaluatorUploadError } from '../errors.ts'
import { abortError } from './deadline.ts'
import type { Failure } from './network-failure.ts'
import { delayAfter, pause, type RetryPolicy } from './retry.ts'

export interface Persistence {
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
export async function persist<T>(
  attempt: () => Promise<{ value: T } | { failed: Failure }>,
  { what, policy, signal, onRetry }: Persistence,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    if (signal.aborted) throw abortError(signal)
    const outcome = await attempt()
    if ('value' in outcome) return outcome.value
    const { failed } = outcome
    if (!failed.retry || tried >= policy.attempts) throw failureError(what, failed, tried)
    const delayMs = delayAfter(tried, policy, failed.retryAfterMs)
    onRetry?.({ attempt: tried + 1, delayMs, reason: failed.reason })
    await pause(delayMs, signal).catch(() => {
      throw abortError(signal)
    })
  }
}

export function failureError(what: string, failed: Failure, attempts: number): EvaluatorUploadError {
  const { code, reason, ...details } = failed
  return new EvaluatorUploadError(code, `Could not ${what}: ${reason}.`, { ...details, attempts })
}
