import { byId, h } from '@fw/pages/dom'
import type { PageEvents } from '../messages.ts'
import { listen } from './api.ts'
import { clearEvaluators, showEvaluator } from './evaluators.ts'
import { showFaults } from './faults.ts'
import { clearRequests, showRequest } from './requests.ts'

const live = byId('live', HTMLParagraphElement)
const about = byId('about', HTMLDListElement)
const main = byId('main', HTMLElement)
const panels = byId('panels', HTMLElement)

function showEverything({
  accountId,
  url,
  storeUrl,
  evaluators,
  requests,
  faults,
}: PageEvents['everything']): void {
  const facts = { Account: accountId, Gateway: url, Store: storeUrl }
  about.replaceChildren(
    ...Object.entries(facts).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  )
  clearEvaluators()
  for (const row of evaluators) showEvaluator(row.id, row)
  clearRequests()
  for (const row of requests) showRequest(row)
  showFaults(faults)
}

listen(
  {
    everything: showEverything,
    request: showRequest,
    evaluator: ({ id, evaluator }) => showEvaluator(id, evaluator),
    faults: showFaults,
  },
  (isLive) => {
    live.textContent = isLive ? 'Live' : 'No connection: the emulator has closed, or is starting again'
    live.classList.toggle('is-live', isLive)
  },
)

// A narrow window shows one panel at a time; a wide one shows all of them, and no buttons.
panels.addEventListener('click', ({ target }) => {
  if (!(target instanceof HTMLButtonElement)) return
  main.dataset.shown = target.dataset.panel
  for (const button of panels.querySelectorAll('button'))
    button.setAttribute('aria-pressed', String(button === target))
})

// A box must be reachable by Tab, so that the arrow keys can scroll it.
for (const box of document.querySelectorAll<HTMLElement>('.scroll')) {
  box.tabIndex = 0
  box.setAttribute('role', 'region')
  box.setAttribute('aria-label', box.dataset.label ?? '')
}
