import type { Environment } from './options.ts'

/** Where a bundler runs and how it speaks. */
export interface Host {
  /** The project's root: `include` and `report` are relative to it. */
  readonly root: string
  /** Where `info` ends up, to know whether colours are wanted. */
  readonly stream: { isTTY?: boolean }
  /**
   * Whether a thrown failure would not fail a build but end a watcher: rollup and Vite do not wait for closeBundle
   * then, and nobody catches what it throws.
   */
  readonly cannotFail?: boolean
  info(message: string): void
  warn(message: string): void
}

/** Whether what is written to `stream` may bear colours: a terminal that wants them, and no CI's log. */
export function hasColours(stream: { isTTY?: boolean }, env: Environment): boolean {
  return stream.isTTY === true && !env.NO_COLOR && !env.CI && env.TERM !== 'dumb'
}
