import { setImmediate } from 'node:timers/promises'
import { abortError } from './deadline.ts'

/** Milliseconds: long enough to be free, short enough that timers, sockets and an abort are served in time. */
export const MAX_HOLD_MS = 10

/** To be awaited now and then by work that reads files synchronously. */
export type Pace = () => Promise<void>

/**
 * Reading small files synchronously takes a fraction of the time that promises take, but holds the event loop: this
 * gives it back every {@link MAX_HOLD_MS}, and throws FW_ABORTED once `signal` is aborted.
 */
export function createPace(signal?: AbortSignal): Pace {
  let since = performance.now()
  return async () => {
    if (performance.now() - since > MAX_HOLD_MS) {
      await setImmediate()
      since = performance.now()
    }
    throwIfAborted(signal)
  }
}

export function throwIfAborted(signal?: AbortSignal): void {
  if (signal?.aborted) throw abortError(signal)
}

/** A promise that rejects when `signal` is aborted, for work that can't be called back. `clear` ends the listening. */
export function rejectOnAbort(signal?: AbortSignal): { promise: Promise<never>; clear(): void } {
  let onAbort = (): void => {}
  const promise = new Promise<never>((_, reject) => {
    onAbort = () => signal?.aborted && reject(abortError(signal))
  })
  // Whoever races with it hears of it; when nobody does any more it is nobody's failure.
  promise.catch(() => {})
  signal?.addEventListener('abort', onAbort, { once: true })
  onAbort()
  return { promise, clear: () => signal?.removeEventListener('abort', onAbort) }
}
