import { setMaxListeners } from 'node:events'

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

type Signal = keyof typeof EXIT_CODES

export interface Interrupt {
  readonly signal: AbortSignal
  /** The exit code if a signal ended the process: 128 and the signal's number. */
  exitCode(): number | undefined
  /** Ends the work without a failure, because nobody reads the result any more. */
  leave(): void
  readonly hasLeft: boolean
}

/** After this time, people think that Ctrl-C had no effect. */
const SLOW_END_MS = 1000
/** A command that changes nothing at the service leaves no state to report. */
const READER_END_MS = 300

interface Ending {
  /** Called if the work still runs a second after the first signal. */
  onSlow(): void
  /** Whether the work may be abandoned at once. */
  mayLeave(): boolean
  /** Called before the process is ended then. */
  onLeave(): void
}

/**
 * The first signal aborts the work, which reports the state that it leaves. The second ends the process at once (core
 * removes its temporary files even then).
 */
export function createInterrupt({ onSlow, mayLeave, onLeave }: Ending): Interrupt {
  const controller = new AbortController()
  // Many uploads listen at once, so many listeners are no leak.
  setMaxListeners(0, controller.signal)
  let code: number | undefined
  let hasLeft = false
  const interrupt = (name: Signal): void => {
    if (code !== undefined) process.exit(code)
    code = EXIT_CODES[name]
    controller.abort(new Error(name))
    const exitCode = code
    if (!mayLeave()) return void setTimeout(onSlow, SLOW_END_MS).unref()
    setTimeout(() => {
      onLeave()
      process.exit(exitCode)
    }, READER_END_MS).unref()
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
