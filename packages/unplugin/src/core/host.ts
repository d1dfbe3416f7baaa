import type { Environment } from './options.ts'

/** Where a bundler runs and how it speaks. */
export interface Host {
  /** The bundler's own root. */
  readonly root: string
  /** Where `info` ends up, to know whether colours are wanted. */
  readonly stream: { isTTY?: boolean }
  /** Whether nothing may be printed at all, because the user said so. */
  readonly isSilent?: boolean
  /**
   * Whether a thrown failure would not fail a build but end a watcher: rollup and Vite do not wait for closeBundle
   * then, and nobody catches what it throws.
   */
  readonly cannotFail?: boolean
  info(message: string): void
  warn(message: string): void
}

/**
 * A host that writes to stderr itself. Tools on top of a bundler set its logger to errors only, for lines of their own;
 * an upload, and what is wrong with it, must be seen there too.
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

/** Whether what is written to `stream` may bear colours: a terminal that wants them, and no CI's log. */
export function hasColours(stream: { isTTY?: boolean }, env: Environment): boolean {
  return stream.isTTY === true && !env.NO_COLOR && !env.CI && env.TERM !== 'dumb'
}
