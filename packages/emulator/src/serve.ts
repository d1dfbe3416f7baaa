import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createExchange, type Exchange } from './exchange.ts'
import type { Step } from './faults.ts'
import type { Listener } from './listen.ts'
import type { RequestLog } from './request-log.ts'

/** What an origin knows from the head of a request. */
export interface Known {
  step: Step | undefined
  evaluatorId: string | undefined
}

export interface Origin {
  name: 'gateway' | 'store'
  know(request: IncomingMessage, url: URL): Known
  handle(exchange: Exchange): Promise<void>
}

/** Takes a request through its life: into the log, through the origin, out of the log when its connection lets go. */
export function serve(
  origin: Origin,
  { log, listener, closed }: { log: RequestLog; listener: Listener; closed: AbortSignal },
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const entry = log.begin(origin.name, request, {
      url,
      requestId: randomUUID(),
      ...origin.know(request, url),
    })
    response.once('close', () => log.end(entry))
    const exchange = createExchange(request, response, { entry, url, listener, closed })
    origin.handle(exchange).catch((error: unknown) => {
      // The client went away, a fault cut the connection, or close() did: there is nobody to answer.
      entry.problem ??= error instanceof Error ? error.message : String(error)
      request.socket.destroy()
    })
  }
}
