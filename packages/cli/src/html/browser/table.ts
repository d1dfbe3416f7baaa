import { button, byId, h } from '@fw/pages/dom'
import { plural, printable } from '@fw/pages/format'
import { filterRows, type Row, sortRows } from '../rows.ts'
import { type Column, columnsFor } from './columns.ts'
import type { Store } from './state.ts'

/** Rows on a page: a browser is slow with ten thousand, and nobody reads them. */
const ROWS_PER_PAGE = 100

const body = byId('rows', HTMLTableSectionElement)
const head = byId('columns', HTMLTableRowElement)
const count = byId('count', HTMLParagraphElement)
const scroller = byId('table', HTMLDivElement)
const pager = byId('pager', HTMLDivElement)
const previous = byId('previous', HTMLButtonElement)
const next = byId('next', HTMLButtonElement)

/** Fills the table, and updates it when the choices or its sorting change. */
export function startTable(rows: readonly Row[], isComparison: boolean, store: Store): void {
  // By position, because the columns change with the measure. The biggest first, or the biggest change.
  let sorted = { column: isComparison ? 4 : 1, isDescending: true }
  let page = 0
  let found: readonly Row[] = []

  const find = (): void => {
    const columns = columnsFor(isComparison, store.state.measure)
    const column = columns[sorted.column]
    const matching = filterRows(rows, store.state)
    found = column ? sortRows(matching, column.key, sorted.isDescending) : matching
    page = 0
    drawHead(columns)
    draw(columns)
  }

  const draw = (columns: readonly Column[]): void => {
    const start = page * ROWS_PER_PAGE
    const shown = found.slice(start, start + ROWS_PER_PAGE)
    body.replaceChildren(...shown.map((row) => drawRow(row, columns)))
    count.textContent = describe(start, shown.length)
    // No buttons without an effect.
    pager.hidden = found.length <= ROWS_PER_PAGE
    previous.disabled = page === 0
    next.disabled = start + ROWS_PER_PAGE >= found.length
  }

  const describe = (start: number, shown: number): string => {
    const all = plural(rows.length, 'file')
    if (shown === 0) return `None of ${all}`
    const range = `${start + 1} to ${start + shown} of ${found.length}`
    return found.length === rows.length ? `${range} files` : `${range} that match, of ${all}`
  }

  const drawHead = (columns: readonly Column[]): void => {
    // Created once, then only renamed, so that a pressed heading keeps the focus.
    if (head.cells.length === 0)
      head.append(...columns.map((column, index) => heading(column, () => sortBy(index))))
    for (const [index, cell] of [...head.cells].entries()) {
      const isSorted = index === sorted.column
      if (isSorted) cell.setAttribute('aria-sort', sorted.isDescending ? 'descending' : 'ascending')
      else cell.removeAttribute('aria-sort')
    }
  }

  const sortBy = (column: number): void => {
    const isNumber = columnsFor(isComparison, store.state.measure)[column]?.isNumber ?? false
    sorted = { column, isDescending: sorted.column === column ? !sorted.isDescending : isNumber }
    find()
  }

  const turn = (by: number): void => {
    page += by
    draw(columnsFor(isComparison, store.state.measure))
    scroller.scrollTop = 0
    // A button loses the focus when it becomes disabled.
    if (previous.disabled) next.focus()
    if (next.disabled) previous.focus()
  }
  previous.addEventListener('click', () => turn(-1))
  next.addEventListener('click', () => turn(1))
  // A box must be reachable by Tab, so that the arrow keys can scroll it.
  scroller.tabIndex = 0
  scroller.setAttribute('role', 'region')
  scroller.setAttribute('aria-label', 'Table of files')
  // In a narrow window a row has two lines. The roles, here and below, keep it a table for screen readers.
  body.closest('table')?.setAttribute('role', 'table')
  head.parentElement?.setAttribute('role', 'rowgroup')
  head.setAttribute('role', 'row')
  body.setAttribute('role', 'rowgroup')
  store.follow(find)
  find()
}

function heading({ title, isNumber }: Column, onClick: () => void): HTMLTableCellElement {
  return h(
    'th',
    { scope: 'col', role: 'columnheader', class: isNumber ? 'number' : undefined },
    button(title, onClick),
  )
}

function drawRow(row: Row, columns: readonly Column[]): HTMLTableRowElement {
  const cells = columns.map((column, index) => {
    const text = printable(column.text(row))
    if (index === 0) return h('th', { scope: 'row', role: 'rowheader', class: 'path' }, text)
    return h('td', { role: 'cell', class: column.isNumber ? 'number' : row.change }, text)
  })
  return h('tr', { role: 'row' }, ...cells)
}
