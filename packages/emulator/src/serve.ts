import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { createExchange, type Exchange } from './exchange.ts'
import type { Step } from './faults.ts'
import type { Handler, Listener } from './listen.ts'
import type { RequestLog } from './request-log.ts'
import type { Tasks } from './tasks.ts'

/** What an origin knows from the head of a request. */
interface Known {
  step: Step | undefined
  evaluatorId: string | undefined
}

export interface Origin {
  name: 'gateway' | 'store'
  know(request: IncomingMessage, url: URL): Known
  handle(exchange: Exchange): Promise<void>
}

interface ServeParts {
  log: RequestLog
  tasks: Tasks
  listener: Listener
  closed: AbortSignal
}

/** Takes a request through its life: into the log, through the origin, out of the log when its connection lets go. */
export function serve(origin: Origin, { log, tasks, ...connection }: ServeParts): Handler {
  return (request, response) => {
    const url = parseTarget(request.url ?? '/')
    const entry = log.begin(origin.name, request, {
      url,
      requestId: randomUUID(),
      ...origin.know(request, url),
    })
    response.once('close', () => log.end(entry))
    const exchange = createExchange(request, response, { entry, url, ...connection })
    tasks.run(origin.handle(exchange), (error) => {
      // The client went away, a fault cut the connection, or close() did: there is nobody to answer.
      // What a fault has cut off was no problem of the request.
      if (!entry.fault) entry.problem ??= error instanceof Error ? error.message : String(error)
      // Typed as always there, but null once the socket was reset.
      response.destroy()
    })
  }
}

/** A target such as `*`, which is no path, is nothing that either origin knows. */
function parseTarget(target: string): URL {
  const absolute = `http://localhost${target}`
  return new URL(URL.canParse(absolute) ? absolute : 'http://localhost/')
}
