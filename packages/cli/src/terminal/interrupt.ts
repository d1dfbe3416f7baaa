import { setMaxListeners } from 'node:events'

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

type Signal = keyof typeof EXIT_CODES

export interface Interrupt {
  readonly signal: AbortSignal
  /** What the process is to exit with where a signal ended it; 128 and the signal's number. */
  exitCode(): number | undefined
  /** Ends the work without a failure: whoever read the result has gone. */
  leave(): void
  readonly hasLeft: boolean
}

/** An end that takes longer than this looks like none. */
const SLOW_END_MS = 1000

/**
 * The first signal asks the work to end, which says what it leaves behind; the second ends the process at once (core
 * removes its temporary files even then).
 * @param onSlowEnd called where the first has not ended it after a second
 */
export function createInterrupt(onSlowEnd: () => void): Interrupt {
  const controller = new AbortController()
  // Many uploads at once all listen: no leak.
  setMaxListeners(0, controller.signal)
  let code: number | undefined
  let hasLeft = false
  const interrupt = (name: Signal): void => {
    if (code !== undefined) process.exit(code)
    code = EXIT_CODES[name]
    controller.abort(new Error(name))
    setTimeout(onSlowEnd, SLOW_END_MS).unref()
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt)
  return {
    signal: controller.signal,
    exitCode: () => code,
    leave() {
      hasLeft = true
      controller.abort(new Error('EPIPE'))
    },
    get hasLeft() {
      return hasLeft
    },
  }
}
