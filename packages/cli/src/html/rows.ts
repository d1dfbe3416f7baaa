import type { ReportArchive } from './report-data.ts'

/** Which of its two sizes is shown. */
export type Measure = 'size' | 'compressed'

export interface Sizes {
  readonly size: number
  readonly compressed: number
}

/** How a file of the first archive changed. */
export type Change = 'same' | 'changed' | 'removed' | 'added'

/** A path, with its file in each archive. */
export interface Row {
  readonly path: string
  readonly first: Sizes | undefined
  readonly second: Sizes | undefined
  readonly change: Change
}

/** The rows of one archive, or of two that are joined by path. */
export function joinRows(archives: readonly ReportArchive[]): Row[] {
  const [first, second] = archives.map(({ files }) => new Map(files.map((file) => [file[0], file])))
  const paths = new Set([...(first?.keys() ?? []), ...(second?.keys() ?? [])])
  return Array.from(paths, (path) => {
    const one = first?.get(path)
    const other = second?.get(path)
    return {
      path,
      first: one && { size: one[1], compressed: one[2] },
      second: other && { size: other[1], compressed: other[2] },
      change: changeOf(one?.[3], second ? other?.[3] : one?.[3]),
    }
  })
}

function changeOf(before: string | undefined, after: string | undefined): Change {
  if (before === undefined) return 'added'
  if (after === undefined) return 'removed'
  return before === after ? 'same' : 'changed'
}

/** The filter; empty matches everything. */
export interface Query {
  /** A folder's path without the slash at its end; empty for all. */
  readonly folder: string
  /** All of these words are in the path. */
  readonly text: string
  readonly change: Change | ''
}

export function filterRows(rows: readonly Row[], { folder, text, change }: Query): Row[] {
  const prefix = folder === '' ? '' : `${folder}/`
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    if (change !== '' && row.change !== change) return false
    if (!row.path.startsWith(prefix)) return false
    if (words.length === 0) return true
    const path = row.path.toLowerCase()
    return words.every((word) => path.includes(word))
  })
}

/** The sort key of a column. */
export type SortKey = (row: Row) => string | number

/** Returns a new list. Rows with equal keys are in the order of their paths. */
export function sortRows(rows: readonly Row[], key: SortKey, isDescending: boolean): Row[] {
  const sign = isDescending ? -1 : 1
  return rows.toSorted((a, b) => sign * compare(key(a), key(b)) || compare(a.path, b.path))
}

/** By code unit, as in the archive. */
function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
