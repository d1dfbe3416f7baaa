import { type Logger, printable } from '@fw/evaluator-core'
import type { Out } from './out.ts'

/**
 * Prints core's log lines. While progress is drawn, they go through `keep`, which prints above it; otherwise they would
 * be overwritten.
 */
export function createLogger(
  out: Pick<Out, 'style'>,
  verbose: boolean,
  keep: (line: string) => void,
  label = '',
): Required<Logger> {
  const about = label ? `${label}: ` : ''
  return {
    debug(message) {
      if (verbose) keep(out.style('dim', about + printable(message)))
    },
    info(message) {
      if (verbose) keep(about + printable(message))
    },
    warn: (message) => keep(`${out.style('yellow', '▲')} ${about}${printable(message)}`),
  }
}
