import { printable as harmless } from '@fw/evaluator-core'
import { printable } from './format.ts'
import { padEnd, padStart, truncate, width } from './width.ts'

export interface Column {
  readonly title?: string
  readonly align?: 'right'
  /** The column that is shortened on a narrow terminal. */
  readonly shrinks?: boolean
  /** Colours the text of a cell. */
  readonly paint?: (text: string) => string
}

const GAP = '  '
const LEAST_CELLS = 8

/**
 * Prints rows with aligned columns. Makes the texts harmless for a terminal.
 * @param columns cells of the terminal; `undefined` cuts nothing
 */
export function table(
  layout: readonly Column[],
  rows: readonly (readonly string[])[],
  columns: number | undefined,
  heading: (text: string) => string = (text) => text,
): string[] {
  const titles = layout.map(({ title = '' }) => title)
  const hasTitles = titles.some(Boolean)
  const clean = rows.map((row) => row.map((cell) => printable(harmless(cell))))
  const all = hasTitles ? [titles, ...clean] : clean
  const cells = layout.map((_, index) => Math.max(0, ...all.map((row) => width(row[index] ?? ''))))
  let excess = sum(cells) + GAP.length * (layout.length - 1) - (columns ?? Number.POSITIVE_INFINITY)
  for (const [index, { shrinks }] of layout.entries()) {
    const had = cells[index] ?? 0
    if (!shrinks || excess <= 0) continue
    const has = Math.max(Math.min(had, LEAST_CELLS), had - excess)
    cells[index] = has
    excess -= had - has
  }
  return all.map((row, number) => {
    const line = layout
      .map(({ align, paint }, index) => {
        const room = cells[index] ?? 0
        const text = truncate(row[index] ?? '', room)
        const isTitle = hasTitles && number === 0
        return (align === 'right' ? padStart : padEnd)(paint && !isTitle ? paint(text) : text, room)
      })
      .join(GAP)
      .trimEnd()
    return hasTitles && number === 0 ? heading(line) : line
  })
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
