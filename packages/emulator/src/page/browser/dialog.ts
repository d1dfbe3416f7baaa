import { byId, h } from '@fw/pages/dom'

const dialog = byId('dialog', HTMLDialogElement)
const title = byId('dialog-title', HTMLHeadingElement)
const body = byId('dialog-body', HTMLDivElement)

byId('dialog-close', HTMLButtonElement).addEventListener('click', () => dialog.close())

/** Counts openings, so that content for an earlier one is dropped. */
let showing = 0

/** Opens the dialog at once, and fills it when `load` is done. The browser keeps the focus inside, and restores it. */
export async function show(heading: string, load: () => Promise<readonly Node[]>): Promise<void> {
  showing += 1
  const mine = showing
  title.textContent = heading
  body.replaceChildren(h('p', { class: 'empty' }, 'Loading …'))
  if (!dialog.open) dialog.showModal()
  dialog.scrollTop = 0
  title.focus()
  try {
    const content = await load()
    if (mine === showing) body.replaceChildren(...content)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    if (mine === showing) body.replaceChildren(h('p', { class: 'problem' }, text))
  }
}

/** A text, in a box that also scrolls by keyboard. */
export function preformatted(label: string, text: string): HTMLElement {
  return h('pre', { tabindex: 0, role: 'region', 'aria-label': label }, text)
}
