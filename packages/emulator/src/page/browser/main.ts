import type { PageEvents } from '../messages.ts'
import { listen } from './api.ts'
import { byId, h } from './dom.ts'
import { clearEvaluators, showEvaluator } from './evaluators.ts'
import { showFaults } from './faults.ts'
import { clearRequests, showRequest } from './requests.ts'

const live = byId('live', HTMLParagraphElement)
const about = byId('about', HTMLDListElement)

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
    live.textContent = isLive ? 'Live' : 'No connection: the emulator was closed, or is starting again'
    live.classList.toggle('is-live', isLive)
  },
)
