import type { Environment } from './options.ts'

/** Whether what is written to `stream` may bear colours: a terminal that wants them, and no CI's log. */
export function hasColours(stream: { isTTY?: boolean }, env: Environment): boolean {
  return stream.isTTY === true && !env.NO_COLOR && !env.CI && env.TERM !== 'dumb'
}
