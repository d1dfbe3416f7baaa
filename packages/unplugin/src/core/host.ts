import type { Environment } from './options.ts'

/** A bundler's root, and its way to print. */
export interface Host {
  /** The bundler's own root. */
  readonly root: string
  /** The stream of `info`, to decide about colours. */
  readonly stream: { isTTY?: boolean }
  /** Whether the user has turned off all output. */
  readonly isSilent?: boolean
  /**
   * Whether a thrown failure would end a watcher instead of failing a build: rollup and Vite do not wait for
   * closeBundle then, and nobody catches its error.
   */
  readonly cannotFail?: boolean
  info(message: string): void
  warn(message: string): void
}

/**
 * A host that writes to stderr itself. Tools on top of a bundler limit its logger to errors, and print their own lines.
 * An upload and its problems must be visible there too.
 */
export function createHost({ root, isSilent = false, cannotFail = false }: Partial<Host> = {}): Host {
  const write = (text: string) => {
    if (!isSilent) process.stderr.write(`${text}\n`)
  }
  return {
    root: root ?? process.cwd(),
    stream: process.stderr,
    isSilent,
    cannotFail,
    info: write,
    warn: write,
  }
}

/** Whether text on `stream` may have colours: on a terminal that wants them, not in a log of a CI. */
export function hasColours(stream: { isTTY?: boolean }, env: Environment): boolean {
  return stream.isTTY === true && !env.NO_COLOR && !env.CI && env.TERM !== 'dumb'
}
