import { EvaluatorUploadError } from './errors.ts'

export interface Deadline {
  readonly signal: AbortSignal
  /** Starts the clock again from zero. */
  extend(): void
  /** Stops the clock; a running timer would keep the process alive. */
  clear(): void
}

/**
 * A signal that follows `parent` and is also aborted after `ms`, with FW_TIMEOUT and `message`.
 * Not AbortSignal.any with AbortSignal.timeout: on Node 20 such a pair can be collected before it fires.
 */
export function deadline(ms: number, message: string, hint: string, parent?: AbortSignal): Deadline {
  const controller = new AbortController()
  const expire = () => controller.abort(new EvaluatorUploadError('FW_TIMEOUT', message, { hint }))
  // A longer delay than 2^31-1 ms would fire at once.
  const timer = setTimeout(expire, Math.min(ms, 2 ** 31 - 1))
  const follow = () => controller.abort(parent?.reason)
  if (parent?.aborted) follow()
  parent?.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    extend: () => timer.refresh(),
    clear() {
      clearTimeout(timer)
      parent?.removeEventListener('abort', follow)
    },
  }
}

/** What an aborted signal throws: our own error where a deadline passed, else FW_ABORTED with the reason as cause. */
export function abortError(signal: AbortSignal): EvaluatorUploadError {
  const reason: unknown = signal.reason
  if (reason instanceof EvaluatorUploadError) return reason
  return new EvaluatorUploadError('FW_ABORTED', 'Aborted before it was complete.', { cause: reason })
}
