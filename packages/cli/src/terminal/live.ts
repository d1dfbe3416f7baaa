import type { Out } from './out.ts'
import { truncate } from './width.ts'

/** A block of lines at the bottom of a terminal that is drawn again and again, below what stays. */
export interface Live {
  /** Replaces the block. Each line is cut to the terminal: one that wraps could not be drawn over. */
  draw(lines: readonly string[]): void
  /** Prints a line above the block that stays. */
  keep(line: string): void
  /** Takes the block away. */
  clear(): void
}

const ERASE_BELOW = '\u001b[J'
const up = (lines: number): string => (lines > 0 ? `\u001b[${lines}A` : '')

export function createLive(out: Out): Live {
  let shown: readonly string[] = []

  const erase = (): string => (shown.length > 0 ? `\r${up(shown.length - 1)}${ERASE_BELOW}` : '')
  const fit = (lines: readonly string[]): string[] => {
    // The last cell stays free: some terminals move on as soon as it is written.
    const cells = (out.columns() ?? 80) - 1
    return lines.map((line) => truncate(line, cells))
  }

  return {
    draw(lines) {
      const fitted = fit(lines)
      if (fitted.join('\n') === shown.join('\n')) return
      // In one write, so that no half of it is ever seen.
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
