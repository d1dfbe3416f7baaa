/**
 * The steps of an upload, in order: `pack` the archive, `prepare` the evaluator (look, create or update), ask for
 * the upload `endpoint`, `put` the bytes, `validate`, and wait for the `build`.
 */
export type Step = 'pack' | 'prepare' | 'endpoint' | 'put' | 'validate' | 'build'

/** What `onProgress` hears. `pack` and `prepare` run at the same time; all other steps one after the other. */
export type ProgressEvent =
  | { type: 'start'; step: Step }
  /** `total` is missing while a folder's size is not known yet. At most one such event per MiB. */
  | { type: 'bytes'; step: 'pack' | 'put'; done: number; total?: number }
  | { type: 'retry'; step: Step; attempt: number; delayMs: number; reason: string }
  /** `ms`: how long the step took. Not sent for a step that failed. */
  | { type: 'end'; step: Step; ms: number }
