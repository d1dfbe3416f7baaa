/** What came of one try. */
export interface Row {
  readonly tool: string
  readonly what: string
  readonly expected: string
  readonly uploads: number
  readonly exit: number | null
  readonly files: string
  /** Empty where all is as expected. */
  readonly faults: readonly string[]
}

function markOf({ faults, what }: Row): string {
  if (what.startsWith('skipped')) return '–'
  return faults.length === 0 ? '✓' : '✗'
}

/** So that a long run shows where it is. */
export function show(row: Row): Row {
  console.log(`${markOf(row)} ${row.tool}, ${row.what}`)
  return row
}

/** A row for what could not be tried at all: an install that failed, or a tool that is skipped. */
export function untried(tool: string, what: string, faults: readonly string[] = []): Row {
  return { tool, what, expected: '', uploads: 0, exit: null, files: '', faults }
}

/** A table in Markdown. */
export function table(rows: readonly Row[]): string {
  const head = ['', 'tool', 'what', 'expected: uploads, exit', 'uploads', 'exit', 'files']
  const body = rows.map((row) => [
    markOf(row),
    ...[row.tool, row.what, row.expected, String(row.uploads), String(row.exit), row.files],
  ])
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
