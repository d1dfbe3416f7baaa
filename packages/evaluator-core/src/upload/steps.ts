import type { ProgressEvent, Step } from '../progress.ts'

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
