import { button, byId, h } from '@fw/pages/dom'
import { formatBytes, printable } from '@fw/pages/format'
import type { ArchiveContent, EvaluatorDetails, EvaluatorRow } from '../messages.ts'
import { ask } from './api.ts'
import { preformatted, show } from './dialog.ts'

const list = byId('evaluators', HTMLUListElement)
const none = byId('no-evaluators', HTMLParagraphElement)
const count = byId('evaluators-count', HTMLSpanElement)
const news = byId('news', HTMLParagraphElement)
const shown = new Map<string, { state: string; element: HTMLLIElement }>()

export function clearEvaluators(): void {
  shown.clear()
  list.replaceChildren()
  showCount()
}

/** Shows or updates an evaluator, the newest first; null removes it. */
export function showEvaluator(id: string, row: EvaluatorRow | null): void {
  const known = shown.get(id)
  if (!row) {
    known?.element.remove()
    shown.delete(id)
  } else {
    const element = known?.element ?? emptyItem(id)
    if (!known) list.prepend(element)
    fill(element, row)
    if (known && known.state !== row.state) news.textContent = `${id} is ${row.state}`
    shown.set(id, { state: row.state, element })
  }
  showCount()
}

function showCount(): void {
  none.hidden = shown.size > 0
  count.textContent = shown.size > 0 ? String(shown.size) : ''
}

/** Never replaces the button of the name: a change of state must not move the focus. */
function emptyItem(id: string): HTMLLIElement {
  const opener = button(id, () => void open(id), {
    class: 'link',
    'aria-label': `Contents and log of ${id}`,
  })
  return h('li', {}, h('div', { class: 'evaluator-head' }, opener))
}

function fill(
  element: HTMLLIElement,
  { id, state, building, displayName, message, files }: EvaluatorRow,
): void {
  const [head] = element.children
  if (!head) return
  head.querySelector('.state')?.remove()
  head.append(h('span', { class: `state ${state}` }, state))
  // Most uploads have one file, with the name of the evaluator.
  const sizes = files.map(({ name, size }) =>
    name === `${id}.tar.gz` ? formatBytes(size) : `${printable(name)}, ${formatBytes(size)}`,
  )
  const title = displayName && displayName !== id ? h('div', {}, printable(displayName)) : undefined
  const text = building ? 'Building …' : printable(message)
  const facts = [text, ...sizes].filter(Boolean).join(' · ')
  for (const old of [...element.children].slice(1)) old.remove()
  if (title) element.append(title)
  if (facts) element.append(h('div', { class: 'quiet' }, facts))
}

async function open(id: string): Promise<void> {
  await show(id, async () => {
    const details = await ask<EvaluatorDetails>('GET', `evaluators/${id}`)
    const { archives, buildLog, resource } = details
    return [
      ...archives.flatMap(archive),
      ...(archives.length === 0 ? [h('p', { class: 'empty' }, 'Nothing is uploaded.')] : []),
      h('h3', {}, 'Build log'),
      buildLog === undefined
        ? h('p', { class: 'empty' }, 'No build has ended yet.')
        : preformatted('Build log', buildLog),
      h('h3', {}, 'Resource'),
      preformatted('Resource', JSON.stringify(resource, null, 2)),
    ]
  })
}

function archive({ name, size, md5, entries, problem }: ArchiveContent): Node[] {
  const total = entries.reduce((sum, entry) => sum + entry.size, 0)
  const items = entries.map((entry) =>
    h(
      'li',
      {},
      h('span', {}, printable(entry.path)),
      h('span', { class: 'quiet' }, entry.type === 'File' ? formatBytes(entry.size) : entry.type),
    ),
  )
  const label = `Files in ${printable(name)}`
  return [
    h('h3', {}, printable(name)),
    h('p', {}, `${formatBytes(size)} compressed, ${entries.length} entries with ${formatBytes(total)}`),
    h('p', { class: 'quiet digest' }, `md5 ${md5}`),
    ...(problem === undefined
      ? []
      : [h('p', { class: 'problem' }, `The archive can't be read to its end: ${problem}`)]),
    h('div', { class: 'files', tabindex: 0, role: 'region', 'aria-label': label }, h('ul', {}, ...items)),
  ]
}
