import { setMaxListeners } from 'node:events'
import type { Fault } from '../faults/faults.ts'
import type { RequestEntry } from '../server/request-log.ts'
import type { EvaluatorState } from './state.ts'

/** An evaluator moved from one state to another, was created (`from` undefined) or deleted (`to` undefined). */
export interface StateChange {
  evaluatorId: string
  from: EvaluatorState | undefined
  to: EvaluatorState | undefined
}

/** What `on` and `waitFor` tell of: the event's name → what a listener gets. */
export interface EmulatorEvents {
  /** The head of a request arrived and its step is known; nothing was done yet, nor was a fault played. */
  request: RequestEntry
  /** A request is over: answered, reset, or its connection gone. `status` is undefined where no answer went. */
  response: RequestEntry
  /** An evaluator changed its state. With `dir`, the change is on disk already. */
  state: StateChange
  /** The faults that are pending changed: one was added, removed or played. */
  faults: readonly Fault[]
}

/** What happens in an emulator, as it happens. */
export interface EventSource {
  /** Calls `listener` for every event of that name from now on. Returns the function that ends it. */
  on<K extends keyof EmulatorEvents>(name: K, listener: (event: EmulatorEvents[K]) => void): () => void
  /**
   * The next event of that name for which `matches` is true (default: any). Rejects when the emulator is closed
   * first, or with the signal's reason.
   */
  waitFor<K extends keyof EmulatorEvents>(
    name: K,
    matches?: (event: EmulatorEvents[K]) => boolean,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<EmulatorEvents[K]>
}

export interface EventHub extends EventSource {
  emit<K extends keyof EmulatorEvents>(name: K, event: EmulatorEvents[K]): void
}

/** @param closed rejects what still waits, so that a test of a closed emulator fails at once instead of timing out. */
export function createEventHub(closed: AbortSignal): EventHub {
  // Each waiting test is a listener: many are no leak.
  setMaxListeners(0, closed)
  const listeners: { [K in keyof EmulatorEvents]: Set<(event: EmulatorEvents[K]) => void> } = {
    request: new Set(),
    response: new Set(),
    state: new Set(),
    faults: new Set(),
  }
  const on: EventSource['on'] = (name, listener) => {
    listeners[name].add(listener)
    return () => void listeners[name].delete(listener)
  }
  return {
    on,
    emit(name, event) {
      for (const listener of [...listeners[name]]) listener(event)
    },
    waitFor(name, matches = () => true, options = {}) {
      const signal = options.signal ? AbortSignal.any([closed, options.signal]) : closed
      return new Promise((resolve, reject) => {
        const settle = (): void => {
          off()
          signal.removeEventListener('abort', onAbort)
        }
        const onAbort = (): void => {
          settle()
          reject(signal.reason)
        }
        const off = on(name, (event) => {
          if (!matches(event)) return
          settle()
          resolve(event)
        })
        if (signal.aborted) onAbort()
        else signal.addEventListener('abort', onAbort)
      })
    },
  }
}
