import type { ResultJson } from './result.ts'

/** From the supervisor to the worker. */
export type ToWorker =
  | { readonly type: 'score'; readonly id: number; readonly row: unknown }
  | { readonly type: 'ping' }

/** From the worker to the supervisor. Each is a sign that its event loop turns. */
export type FromWorker =
  /** The scorer has been loaded. */
  | { readonly type: 'loaded' }
  /** It cannot be: no row will ever be scored. */
  | { readonly type: 'broken'; readonly reason: string }
  /** The row's code begins to run. Until `yielded` nothing else can run. */
  | { readonly type: 'began'; readonly id: number }
  /** The row's code waits for something. */
  | { readonly type: 'yielded'; readonly id: number }
  | { readonly type: 'scored'; readonly id: number; readonly result: ResultJson }
  | { readonly type: 'pong' }
