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

/** Events for `on` and `waitFor`: the name → the listener's argument. */
export interface EmulatorEvents {
  /** The head of a request has arrived. Nothing was done yet, and no fault has happened. */
  request: RequestEntry
  /** A request has ended: answered, reset, or disconnected. `status` is undefined without an answer. */
  response: RequestEntry
  /** An evaluator changed its state. With `dir`, the change is on disk already. */
  state: StateChange
  /** The pending faults changed: one was added, was removed, or happened. */
  faults: readonly Fault[]
}

/** The events of an emulator. */
export interface EventSource {
  /** Calls `listener` for every such event from now on. Returns a function that removes it. */
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

/** @param closed rejects everything that waits, so that a test of a closed emulator fails at once and not by timeout */
export function createEventHub(closed: AbortSignal): EventHub {
  // Each waiting test is a listener, so many listeners are no leak.
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
