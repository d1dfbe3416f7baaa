import type { ServerResponse } from 'node:http'
import type { RequestEntry } from '../server/request-log.ts'
import type { Evaluators } from '../state/evaluator-view.ts'
import type { EventSource } from '../state/events.ts'
import type { PageEvents } from './messages.ts'
import { evaluatorRow, type FaultRows, requestRow } from './rows.ts'

/** How many requests a page gets when it opens. */
const latestRequests = 500
/** A page that is further behind is disconnected. It reconnects by itself, and gets everything again. */
const maxUnreadBytes = 8 * 1024 * 1024

export interface StreamParts {
  events: EventSource
  requests: readonly RequestEntry[]
  evaluators: Evaluators
  faultRows: FaultRows
  about: Pick<PageEvents['everything'], 'accountId' | 'url' | 'storeUrl'>
  toJson(value: unknown): string
}

/** Server-sent events: first the whole state, then every change, until the page or the emulator is closed. */
export function streamEvents(response: ServerResponse, parts: StreamParts): void {
  const { events, requests, evaluators, faultRows, about, toJson } = parts
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const send = <K extends keyof PageEvents>(name: K, data: PageEvents[K]): void => {
    response.write(`event: ${name}\ndata: ${toJson(data)}\n\n`)
    if (response.writableLength > maxUnreadBytes) response.destroy()
  }
  const sendEvaluator = (id: string): void => {
    const view = evaluators.get(id)
    send('evaluator', { id, evaluator: view ? evaluatorRow(view) : null })
  }
  const ends = [
    events.on('request', (entry) => send('request', requestRow(entry))),
    events.on('response', (entry) => {
      send('request', requestRow(entry))
      // An upload and the start of a build do not change the state.
      if (entry.evaluatorId !== undefined) sendEvaluator(entry.evaluatorId)
    }),
    events.on('state', ({ evaluatorId }) => sendEvaluator(evaluatorId)),
    events.on('faults', () => send('faults', faultRows.list())),
  ]
  response.once('close', () => {
    for (const end of ends) end()
  })
  send('everything', {
    ...about,
    evaluators: evaluators.list().map(evaluatorRow),
    requests: requests.slice(-latestRequests).map(requestRow),
    faults: faultRows.list(),
  })
}
