import { button, byId, h } from '@fw/pages/dom'
import { formatBytes, printable } from '@fw/pages/format'
import type { RequestRow } from '../messages.ts'
import { faultKinds } from './fault-fields.ts'
import { formatMs, formatTime } from './format.ts'
import { openRequest } from './request-dialog.ts'

/** The largest number of rows; the oldest are removed. */
const maxRows = 500

const body = byId('requests', HTMLTableSectionElement)
const none = byId('no-requests', HTMLParagraphElement)
const filter = byId('filter', HTMLInputElement)
const onlyProblems = byId('only-problems', HTMLInputElement)
const news = byId('news', HTMLParagraphElement)
const count = byId('count', HTMLParagraphElement)

const rows = new Map<number, { row: RequestRow; element: HTMLTableRowElement }>()
/** The number of the last create of each evaluator: a client asks for the evaluator before it creates it. */
const lastCreate = new Map<string, number>()
let total = 0
let isCountDue = false
let isNewsDue = false

/** Adds a request, or updates its row. */
export function showRequest(row: RequestRow): void {
  const known = rows.get(row.number)
  const element = known?.element ?? body.insertRow(0)
  rows.set(row.number, { row, element })
  draw(row, element)
  total = Math.max(total, row.number)
  if (row.step === 'create' && row.evaluatorId !== undefined) showCreate(row.evaluatorId, row.number)
  if (rows.size > maxRows) forgetOldest()
  countSoon()
}

export function clearRequests(): void {
  rows.clear()
  lastCreate.clear()
  body.replaceChildren()
  total = 0
  countSoon()
}

/** Redraws earlier 404s of this evaluator: they were no failures. */
function showCreate(evaluatorId: string, number: number): void {
  if ((lastCreate.get(evaluatorId) ?? 0) >= number) return
  lastCreate.set(evaluatorId, number)
  for (const { row, element } of rows.values()) if (isFirstLook(row)) draw(row, element)
}

/** A 404 by which a client finds out that it must create the evaluator. */
function isFirstLook({ number, step, status, evaluatorId = '', fault }: RequestRow): boolean {
  if (status !== 404 || fault || (step !== 'get' && step !== 'sourceUrl')) return false
  return (lastCreate.get(evaluatorId) ?? 0) > number
}

function forgetOldest(): void {
  const [oldest] = rows.entries()
  if (!oldest) return
  oldest[1].element.remove()
  rows.delete(oldest[0])
}

function draw(row: RequestRow, element: HTMLTableRowElement): void {
  const { number, step, method, path, evaluatorId, problem, fault, bytesReceived, bytesSent, arrivedAt } = row
  const name = h(
    'div',
    { class: 'step' },
    step ?? 'unknown',
    evaluatorId ? h('span', { class: 'tag' }, printable(evaluatorId)) : undefined,
  )
  const clock = formatTime(arrivedAt)
  const bytes = `${formatBytes(bytesReceived)} in, ${formatBytes(bytesSent)} out`
  // The button stays, so that the end of a request does not move the focus.
  if (element.cells.length === 0) element.append(numberCell(number))
  for (const cell of [...element.cells].slice(1)) cell.remove()
  element.append(
    h(
      'td',
      { class: 'request' },
      name,
      h('div', { class: 'path', title: printable(path) }, `${method} ${printable(path)}`),
      h('div', { class: 'narrow quiet' }, `${clock}, ${bytes}`),
      fault
        ? h('div', { class: 'fault' }, `Fault played: ${faultKinds[fault].label.toLowerCase()}`)
        : undefined,
      problemLine(row, problem),
    ),
    h('td', {}, h('span', { class: `status ${kindOf(row)}` }, statusText(row))),
    cell(row.durationMs === undefined ? '…' : formatMs(row.durationMs)),
    cell(bytesReceived > 0 ? formatBytes(bytesReceived) : '–', 'wide'),
    cell(bytesSent > 0 ? formatBytes(bytesSent) : '–', 'wide'),
    h('td', { class: 'number wide' }, h('time', { datetime: arrivedAt }, clock)),
  )
  element.hidden = !matches(row)
}

function cell(text: string, more = ''): HTMLTableCellElement {
  return h('td', { class: `number ${more}` }, text)
}

function problemLine(row: RequestRow, problem: string | undefined): HTMLElement | undefined {
  if (isFirstLook(row)) return h('div', { class: 'quiet' }, 'Not there yet: it was created afterwards.')
  return problem ? h('div', { class: 'problem' }, printable(problem)) : undefined
}

function numberCell(number: number): HTMLTableCellElement {
  const opener = button(String(number), () => void openRequest(number), {
    class: 'link',
    'aria-label': `Details of request ${number}`,
  })
  return h('td', { class: 'number' }, opener)
}

function kindOf(row: RequestRow): string {
  const { status, ended } = row
  if (status === undefined) return ended ? 'bad' : 'open'
  if (isFirstLook(row)) return 'neutral'
  return status >= 400 ? 'bad' : 'good'
}

function statusText({ status, ended }: RequestRow): string {
  if (status !== undefined) return String(status)
  return ended ? 'cut off' : 'open'
}

function wentWrong(row: RequestRow): boolean {
  if (isFirstLook(row)) return false
  return row.problem !== undefined || row.fault !== undefined || kindOf(row) === 'bad'
}

function matches(row: RequestRow): boolean {
  if (onlyProblems.checked && !wentWrong(row)) return false
  const { step = 'unknown', evaluatorId = '', method, path, problem = '', fault = '' } = row
  const text = [step, evaluatorId, method, path, problem, fault, statusText(row)].join(' ').toLowerCase()
  return filter.value
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** Once in each frame, because requests come in bursts. A screen reader hears of a filter, not of each request. */
function countSoon(announces = false): void {
  isNewsDue ||= announces
  if (isCountDue) return
  isCountDue = true
  requestAnimationFrame(() => {
    isCountDue = false
    const shown = [...rows.values()].filter(({ element }) => !element.hidden).length
    const kept = rows.size < total ? `the newest ${rows.size} of ${total}` : `${total}`
    count.textContent = shown === rows.size ? kept : `${shown} of ${kept}`
    none.hidden = shown > 0
    none.textContent = rows.size === 0 ? 'None yet.' : 'None matches.'
    if (isNewsDue) news.textContent = `Showing ${count.textContent}`
    isNewsDue = false
  })
}

function applyFilter(): void {
  for (const { row, element } of rows.values()) element.hidden = !matches(row)
  countSoon(true)
}
filter.addEventListener('input', applyFilter)
onlyProblems.addEventListener('change', applyFilter)
