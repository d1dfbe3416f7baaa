import { formatBytes, formatPercent } from '@fw/pages/format'
import type { Measure, Row, SortKey } from '../rows.ts'
import { changes } from './kinds.ts'

export interface Column {
  readonly title: string
  readonly isNumber: boolean
  readonly key: SortKey
  text(row: Row): string
}

const path: Column = { title: 'Path', isNumber: false, key: (row) => row.path, text: (row) => row.path }

/** The columns for one archive; both sizes have one. */
const single: readonly Column[] = [
  path,
  sizeColumn('Size', (row) => row.first?.size),
  sizeColumn('Compressed', (row) => row.first?.compressed),
  {
    title: 'Saved',
    isNumber: true,
    key: saved,
    text: (row) => (row.first?.size ? formatPercent(saved(row)) : '–'),
  },
]

/** The columns for two archives, with the chosen size. */
export function columnsFor(isComparison: boolean, measure: Measure): readonly Column[] {
  if (!isComparison) return single
  return [
    path,
    {
      title: 'Change',
      isNumber: false,
      key: (row) => changes[row.change],
      text: (row) => changes[row.change],
    },
    sizeColumn('A', (row) => row.first?.[measure]),
    sizeColumn('B', (row) => row.second?.[measure]),
    {
      title: 'Difference',
      isNumber: true,
      key: (row) => difference(row, measure),
      text: (row) => signed(difference(row, measure)),
    },
  ]
}

function sizeColumn(title: string, size: (row: Row) => number | undefined): Column {
  return {
    title,
    isNumber: true,
    key: (row) => size(row) ?? -1,
    text(row) {
      const bytes = size(row)
      return bytes === undefined ? '–' : formatBytes(bytes)
    },
  }
}

/** Negative if compression makes a file longer, as for very short ones. */
function saved({ first }: Row): number {
  return first && first.size > 0 ? 1 - first.compressed / first.size : 0
}

function difference({ first, second }: Row, measure: Measure): number {
  return (second?.[measure] ?? 0) - (first?.[measure] ?? 0)
}

/** With a minus sign of the same width as the plus. */
function signed(bytes: number): string {
  if (bytes === 0) return '0 B'
  return `${bytes < 0 ? '−' : '+'}${formatBytes(Math.abs(bytes))}`
}
