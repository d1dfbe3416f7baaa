import { clean } from './redact.ts'

/** A target for log lines. Each call gets one line, without colours and secrets. */
export interface Logger {
  /** Details for debugging. */
  debug?(message: string): void
  /** Decisions for the user, such as the entry point. */
  info(message: string): void
  /** Problems that did not stop the work. */
  warn(message: string): void
}

/**
 * The steps of an upload, in order: `pack` the archive, `prepare` the evaluator (look, create or update), ask for
 * the upload `endpoint`, `put` the bytes, `validate`, and wait for the `build`.
 */
export type Step = 'pack' | 'prepare' | 'endpoint' | 'put' | 'validate' | 'build'

/** An event for `onProgress`. `pack` and `prepare` run at the same time, all other steps one after the other. */
export type ProgressEvent =
  | { type: 'start'; step: Step }
  /** `total` is missing as long as the size of a folder is unknown. At most one such event for each MiB. */
  | { type: 'bytes'; step: 'pack' | 'put'; done: number; total?: number }
  | { type: 'retry'; step: Step; attempt: number; delayMs: number; reason: string }
  /** `ms`: how long the step took. Not sent for a step that failed. */
  | { type: 'end'; step: Step; ms: number }

/** Reports when steps start and end, and measures their times. */
export interface Steps {
  /** Milliseconds; 0 if the step did not run, the sum if it ran twice. */
  readonly timings: Record<Step, number>
  /** The running step that is not `pack`. Retries belong to it. */
  readonly current: Step
  run<T>(step: Step, work: () => Promise<T>): Promise<T>
}

export function createSteps(emit: (event: ProgressEvent) => void): Steps {
  const timings: Record<Step, number> = { pack: 0, prepare: 0, endpoint: 0, put: 0, validate: 0, build: 0 }
  let current: Step = 'prepare'
  return {
    timings,
    get current() {
      return current
    },
    async run(step, work) {
      if (step !== 'pack') current = step
      const began = performance.now()
      emit({ type: 'start', step })
      const result = await work()
      const ms = performance.now() - began
      timings[step] += ms
      emit({ type: 'end', step, ms })
      return result
    },
  }
}

/** A listener that throws must not stop the work. It causes one warning, and is not called again. */
export function guardListener(
  listener: ((event: ProgressEvent) => void) | undefined,
  logger: Logger | undefined,
): (event: ProgressEvent) => void {
  let isBroken = false
  return (event) => {
    if (isBroken) return
    try {
      listener?.(event)
    } catch (error) {
      isBroken = true
      logger?.warn(
        `onProgress threw and is not called again: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
}

/** A logger with clean lines, like errors: they contain names of files and texts of the service. */
export function cleanLogger(logger: Logger | undefined): Logger {
  return {
    debug: (message) => logger?.debug?.(clean(message)),
    info: (message) => logger?.info(clean(message)),
    warn: (message) => logger?.warn(clean(message)),
  }
}
