import type { ResultJson } from './result.ts'

/** From the supervisor to the worker. */
export type ToWorker =
  | { readonly type: 'score'; readonly id: number; readonly row: unknown }
  | { readonly type: 'ping' }

/** From the worker to the supervisor. Each shows that its event loop is not blocked. */
export type FromWorker =
  /** The scorer has been loaded. */
  | { readonly type: 'loaded' }
  /** The scorer cannot be loaded, so no row can be scored. */
  | { readonly type: 'broken'; readonly reason: string }
  /** The row's code starts. Until `yielded`, nothing else can run. */
  | { readonly type: 'began'; readonly id: number }
  /** The row's code waits for something. */
  | { readonly type: 'yielded'; readonly id: number }
  | { readonly type: 'scored'; readonly id: number; readonly result: ResultJson }
  | { readonly type: 'pong' }
