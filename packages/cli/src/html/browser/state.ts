import type { Measure, Query } from '../rows.ts'

/** The choices of the user. The parts of the page follow them. */
export interface State extends Query {
  readonly measure: Measure
}

export interface Store {
  readonly state: State
  /** Changes some of them, and calls all listeners. */
  set(change: Partial<State>): void
  /** Called at each change, with the earlier choices. */
  follow(listener: (state: State, before: State) => void): void
}

export function createStore(): Store {
  let state: State = { folder: '', text: '', change: '', measure: 'size' }
  const listeners: ((state: State, before: State) => void)[] = []
  return {
    get state() {
      return state
    },
    set(change) {
      const before = state
      state = { ...state, ...change }
      for (const listener of listeners) listener(state, before)
    },
    follow: (listener) => void listeners.push(listener),
  }
}
