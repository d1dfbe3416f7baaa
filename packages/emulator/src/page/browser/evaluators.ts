import type { ArchiveContent, EvaluatorDetails, EvaluatorRow } from '../messages.ts'
import { ask } from './api.ts'
import { preformatted, show } from './dialog.ts'
import { button, byId, h } from './dom.ts'
import { formatBytes, printable } from './format.ts'

const list = byId('evaluators', HTMLUListElement)
const none = byId('no-evaluators', HTMLParagraphElement)
const news = byId('news', HTMLParagraphElement)
const shown = new Map<string, { state: string; element: HTMLLIElement }>()

export function clearEvaluators(): void {
  shown.clear()
  list.replaceChildren()
  none.hidden = false
}

/** Shows an evaluator as it is now; null: it was deleted. */
export function showEvaluator(id: string, row: EvaluatorRow | null): void {
  const known = shown.get(id)
  if (!row) {
    known?.element.remove()
    shown.delete(id)
  } else {
    const element =
      known?.element ??
      list.appendChild(
        h(
          'li',
          {},
          button('Contents and log', () => void open(id)),
        ),
      )
    fill(element, row)
    if (known && known.state !== row.state) news.textContent = `${id} is ${row.state}`
    shown.set(id, { state: row.state, element })
  }
  none.hidden = shown.size > 0
}

function fill(
  element: HTMLLIElement,
  { id, state, building, displayName, message, files }: EvaluatorRow,
): void {
  const opener = element.querySelector('button')
  opener?.setAttribute('aria-label', `Contents and log of ${id}`)
  const facts = files.map(({ name, size }) =>
    h('div', { class: 'quiet' }, `${printable(name)}, ${formatBytes(size)}`),
  )
  const text = building ? 'The build is under way' : message
  const head = h(
    'div',
    { class: 'evaluator-head' },
    h('strong', {}, id),
    h('span', { class: `state ${state}` }, state),
  )
  const title = displayName && displayName !== id ? h('div', {}, printable(displayName)) : undefined
  const said = text ? h('div', {}, printable(text)) : undefined
  const parts = [head, title, said, ...facts].filter((node) => node !== undefined)
  // The button stays the same element, so that a change of state does not take the focus away.
  for (const child of [...element.children]) if (child !== opener) child.remove()
  element.prepend(...parts)
}

async function open(id: string): Promise<void> {
  await show(id, async () => {
    const details = await ask<EvaluatorDetails>('GET', `evaluators/${encodeURIComponent(id)}`)
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
    h('p', {}, `${formatBytes(size)}, ${entries.length} entries with ${formatBytes(total)}`),
    h('p', { class: 'quiet digest' }, `md5 ${md5}`),
    ...(problem === undefined
      ? []
      : [h('p', { class: 'problem' }, `It can't be read to its end: ${problem}`)]),
    h('div', { class: 'files', tabindex: 0, role: 'region', 'aria-label': label }, h('ul', {}, ...items)),
  ]
}
