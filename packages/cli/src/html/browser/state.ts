import type { Measure, Query } from '../rows.ts'

/** What a person has chosen; the parts of the page follow it. */
export interface State extends Query {
  readonly measure: Measure
}

export interface Store {
  readonly state: State
  /** Changes some of it, and tells everyone. */
  set(change: Partial<State>): void
  /** Called at each change, with what was before. */
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
