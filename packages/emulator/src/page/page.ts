import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Faults } from '../faults/faults.ts'
import type { Handler } from '../server/listen.ts'
import { type RequestEntry, redacted } from '../server/request-log.ts'
import type { Tasks } from '../server/serve.ts'
import type { Evaluators } from '../state/evaluator-view.ts'
import type { EventSource } from '../state/events.ts'
import { loadPage } from './assets.ts'
import { streamEvents } from './event-stream.ts'
import type { PageEvents } from './messages.ts'
import { answerApi } from './page-api.ts'
import { createFaultRows } from './rows.ts'

export interface PageParts {
  events: EventSource
  requests: readonly RequestEntry[]
  evaluators: Evaluators
  faults: Faults
  tasks: Tasks
  about: Pick<PageEvents['everything'], 'accountId' | 'url' | 'storeUrl'>
  /** Removed from everything that the page gets: a client may have put the key anywhere. */
  apiKey: string
}

const prefix = '/_emulator/'
const common = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/**
 * Serves the page on the gateway's own origin: `/` for browsers, and the page's own requests below
 * `/_emulator/`, a path that no service has. Everything else goes to `next`. Requests of the page are not in its log.
 */
export function withPage(parts: PageParts, next: Handler): Handler {
  const { tasks } = parts
  const secret = JSON.stringify(parts.apiKey).slice(1, -1)
  const toJson = (value: unknown): string => JSON.stringify(value).replaceAll(secret, redacted)
  const faultRows = createFaultRows(parts.faults)

  const serve = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const refusal = refusalFor(request, path === '/')
    if (refusal) return sendText(response, 403, refusal)
    if (path === '/') {
      const { html, policy } = await loadPage()
      const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
      response.writeHead(200, { ...common, ...headers }).end(html)
      return
    }
    if (path === `${prefix}events` && request.method === 'GET') {
      return streamEvents(response, { ...parts, faultRows, toJson })
    }
    const { status, body } = await answerApi(request, path.slice(prefix.length), { ...parts, faultRows })
    response.writeHead(status, { ...common, 'content-type': 'application/json' }).end(toJson(body))
  }

  return (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?')
    if (!isForPage(request, path)) return next(request, response)
    tasks.run(serve(request, response, path), (error) => {
      if (response.headersSent) return void response.destroy()
      sendText(response, 500, error instanceof Error ? error.message : String(error))
    })
  }
}

function isForPage({ method, headers }: IncomingMessage, path: string): boolean {
  if (path.startsWith(prefix)) return true
  return path === '/' && method === 'GET' && /\btext\/html\b/.test(headers.accept ?? '')
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...common, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * The reason to refuse a request that another website's script has sent. The page's part of the server needs no key.
 * Host shows a name that was rebound to 127.0.0.1, Origin shows a page of another origin, and Sec-Fetch-Site shows
 * requests without an Origin, such as those for images. Other programs than browsers send neither Origin nor
 * Sec-Fetch-Site.
 */
function refusalFor({ headers }: IncomingMessage, isNavigation: boolean): string | undefined {
  const { host = '', origin } = headers
  const url = `http://${host}`
  if (!URL.canParse(url) || !loopbackNames.has(new URL(url).hostname)) {
    return 'This page is served on 127.0.0.1 and localhost only.'
  }
  // The scheme is not compared: no other server can be on the same host and port.
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) {
    return 'Other websites may not use the emulator.'
  }
  const site = headers['sec-fetch-site']
  // A link on another site may lead to the page. That site still cannot read the page.
  if (isNavigation || site === undefined || site === 'same-origin' || site === 'none') return undefined
  return 'Other websites may not use the emulator.'
}
