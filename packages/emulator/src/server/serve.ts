import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Step } from '../faults/faults.ts'
import { createExchange, type Exchange } from './exchange.ts'
import type { Handler, Listener } from './listen.ts'
import type { RequestLog } from './request-log.ts'

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
    const exchange = createExchange(request, response, { entry, url, log, ...connection })
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

/** What is under way, so that close() can wait for it: nothing may be written once close() has resolved. */
export interface Tasks {
  /** Takes a task in; its failure goes to `failed`. */
  run(task: Promise<void>, failed: (error: unknown) => void): void
  /** Resolves when all tasks have ended, those included that began meanwhile. */
  settled(): Promise<void>
}

export function createTasks(): Tasks {
  const running = new Set<Promise<void>>()
  return {
    run(task, failed) {
      const ended = task.catch(failed).finally(() => running.delete(ended))
      running.add(ended)
    },
    async settled() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
