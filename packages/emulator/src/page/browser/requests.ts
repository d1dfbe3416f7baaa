import type { RequestRow } from '../messages.ts'
import { ask } from './api.ts'
import { preformatted, show } from './dialog.ts'
import { button, byId, h } from './dom.ts'
import type { RequestEntry } from './entry.ts'
import { faultKinds } from './fault-fields.ts'
import { formatBytes, formatMs, formatTime, printable } from './format.ts'

/** More rows than this are of no use to a person; the oldest go. */
const maxRows = 500

const body = byId('requests', HTMLTableSectionElement)
const filter = byId('filter', HTMLInputElement)
const onlyProblems = byId('only-problems', HTMLInputElement)
const news = byId('news', HTMLParagraphElement)
const count = byId('count', HTMLParagraphElement)

const rows = new Map<number, { row: RequestRow; element: HTMLTableRowElement }>()
let total = 0
let isCountDue = false

/** Shows a request that arrived, or that went on. */
export function showRequest(row: RequestRow): void {
  const known = rows.get(row.number)
  const element = known?.element ?? body.insertRow(0)
  fill(element, row)
  element.hidden = !matches(row)
  rows.set(row.number, { row, element })
  total = Math.max(total, row.number)
  if (rows.size > maxRows) forgetOldest()
  countSoon()
}

export function clearRequests(): void {
  rows.clear()
  body.replaceChildren()
  total = 0
  countSoon()
}

function forgetOldest(): void {
  const [oldest] = rows.entries()
  if (!oldest) return
  oldest[1].element.remove()
  rows.delete(oldest[0])
}

function fill(element: HTMLTableRowElement, row: RequestRow): void {
  const { number, step, method, path, evaluatorId, problem, fault } = row
  const name = h(
    'div',
    { class: 'step' },
    step ?? 'unknown',
    evaluatorId ? h('span', { class: 'tag' }, evaluatorId) : undefined,
  )
  const target = h('div', { class: 'path' }, `${method} ${printable(path)}`)
  const faulty = fault
    ? h('div', { class: 'fault' }, `Fault played: ${faultKinds[fault].label.toLowerCase()}`)
    : undefined
  const wrong = problem ? h('div', { class: 'problem' }, printable(problem)) : undefined
  // The button stays where it is, so that a request that ends does not take the focus away.
  if (element.cells.length === 0) element.append(numberCell(number))
  for (const cell of [...element.cells].slice(1)) cell.remove()
  element.append(
    h('td', {}, name, target, faulty, wrong),
    h('td', {}, h('span', { class: `status ${kindOf(row)}` }, statusText(row))),
    h('td', { class: 'number time' }, ...time(row)),
  )
}

function numberCell(number: number): HTMLTableCellElement {
  const opener = button(String(number), () => void open(number), {
    'aria-label': `Details of request ${number}`,
  })
  return h('td', { class: 'number' }, opener)
}

function time({ arrivedAt, durationMs, bytesReceived }: RequestRow): Node[] {
  const took = durationMs === undefined ? '…' : formatMs(durationMs)
  const received = bytesReceived > 0 ? [h('div', { class: 'quiet' }, formatBytes(bytesReceived))] : []
  return [
    h('div', {}, took),
    h('div', { class: 'quiet' }, h('time', { datetime: arrivedAt }, formatTime(arrivedAt))),
    ...received,
  ]
}

function kindOf({ status, ended }: RequestRow): string {
  if (status === undefined) return ended ? 'bad' : 'open'
  return status >= 400 ? 'bad' : 'good'
}

function statusText({ status, ended }: RequestRow): string {
  if (status !== undefined) return String(status)
  return ended ? 'cut off' : 'open'
}

function matches(row: RequestRow): boolean {
  if (onlyProblems.checked && !row.problem && !row.fault && kindOf(row) !== 'bad') return false
  const { step = 'unknown', evaluatorId = '', method, path, problem = '', fault = '' } = row
  const text = [step, evaluatorId, method, path, problem, fault, statusText(row)].join(' ').toLowerCase()
  return filter.value
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** Once a frame: a build's requests come in bursts. */
function countSoon(announces = false): void {
  if (isCountDue) return
  isCountDue = true
  requestAnimationFrame(() => {
    isCountDue = false
    const shown = [...rows.values()].filter(({ element }) => !element.hidden).length
    const kept = rows.size < total ? `the latest ${rows.size} of ${total}` : `${total}`
    count.textContent = shown === rows.size ? `Showing ${kept}` : `Showing ${shown} out of ${kept}`
    if (announces) news.textContent = count.textContent
  })
}

function applyFilter(): void {
  for (const { row, element } of rows.values()) element.hidden = !matches(row)
  countSoon(true)
}
filter.addEventListener('input', applyFilter)
onlyProblems.addEventListener('change', applyFilter)

async function open(number: number): Promise<void> {
  await show(`Request ${number}`, async () => {
    const { method, path, query, headers, body, problem } = await ask<RequestEntry>(
      'GET',
      `requests/${number}`,
    )
    const lines = (record: Record<string, string>): string =>
      Object.entries(record)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n')
    const part = (heading: string, text: string): Node[] =>
      text === '' ? [] : [h('h3', {}, heading), preformatted(heading, printableLines(text))]
    return [
      h('p', { class: 'path' }, `${method} ${printable(path)}`),
      ...(problem ? [h('p', { class: 'problem' }, printable(problem))] : []),
      ...part('Query', lines(query)),
      ...part('Headers', lines(headers)),
      ...part('Body', body === undefined ? '' : JSON.stringify(body, null, 2)),
    ]
  })
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
