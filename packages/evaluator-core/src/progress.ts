import { clean } from './redact.ts'

/** Where log lines go. Each gets one finished line, without colours and without secrets. */
export interface Logger {
  /** What only a search for a fault needs. */
  debug?(message: string): void
  /** What was decided for the user, such as the entry point. */
  info(message: string): void
  /** What went wrong and did not stop the work. */
  warn(message: string): void
}

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

/** Tells of steps as they start and end, and keeps the time that each took. */
export interface Steps {
  /** Milliseconds; 0 for what did not run, the sum where a step ran twice. */
  readonly timings: Record<Step, number>
  /** The step under way that is not `pack`; retries belong to it. */
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

/** A listener that throws must not leave the work half done: it is told of in one warning, and not called again. */
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

/** A logger whose lines come clean, as errors do: names of files and words of the service are in them. */
export function cleanLogger(logger: Logger | undefined): Logger {
  return {
    debug: (message) => logger?.debug?.(clean(message)),
    info: (message) => logger?.info(clean(message)),
    warn: (message) => logger?.warn(clean(message)),
  }
}
