import type { Out } from './out.ts'
import { truncate } from './width.ts'

/** A block of lines at the bottom of a terminal that is redrawn in place. */
export interface Live {
  /** Replaces the block. Each line is cut to the terminal's width, because a wrapped line cannot be redrawn. */
  draw(lines: readonly string[]): void
  /** Prints a permanent line above the block. */
  keep(line: string): void
  /** Removes the block. */
  clear(): void
}

const ERASE_BELOW = '\u001b[J'
const up = (lines: number): string => (lines > 0 ? `\u001b[${lines}A` : '')

export function createLive(out: Out): Live {
  let shown: readonly string[] = []

  const erase = (): string => (shown.length > 0 ? `\r${up(shown.length - 1)}${ERASE_BELOW}` : '')
  const fit = (lines: readonly string[]): string[] => {
    // The last cell stays free, because some terminals wrap as soon as it is written.
    const cells = (out.columns() ?? 80) - 1
    return lines.map((line) => truncate(line, cells))
  }

  return {
    draw(lines) {
      const fitted = fit(lines)
      if (fitted.join('\n') === shown.join('\n')) return
      // In one write, so that nobody sees half of it.
      const before = erase()
      shown = fitted
      out.write(before + fitted.join('\n'))
    },
    keep(line) {
      const block = shown
      const before = erase()
      out.write(`${before}${line}\n${block.join('\n')}`)
    },
    clear() {
      out.write(erase())
      shown = []
    },
  }
}
