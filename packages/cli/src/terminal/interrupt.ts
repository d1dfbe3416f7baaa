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
/** A command that changes nothing at the service leaves nothing that would have to be said. */
const READER_END_MS = 300

interface Ending {
  /** Called where the first signal has not ended the work after a second. */
  onSlow(): void
  /** Whether the work may be left where it stands. */
  mayLeave(): boolean
  /** Called before the process is ended for that. */
  onLeave(): void
}

/**
 * The first signal asks the work to end, which says what it leaves behind; the second ends the process at once (core
 * removes its temporary files even then).
 */
export function createInterrupt({ onSlow, mayLeave, onLeave }: Ending): Interrupt {
  const controller = new AbortController()
  // Many uploads at once all listen: no leak.
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
