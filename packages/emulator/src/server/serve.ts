import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Step } from '../faults/faults.ts'
import { createExchange, type Exchange } from './exchange.ts'
import type { Handler, Listener } from './listen.ts'
import type { RequestLog } from './request-log.ts'

/** What an origin reads from the head of a request. */
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

/** Logs a request, lets the origin handle it, and marks it as finished when the connection has ended it. */
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
      // The client, a fault or close() has cut the connection: no answer is possible. A fault is not the request's
      // problem.
      if (!entry.fault) entry.problem ??= error instanceof Error ? error.message : String(error)
      // `response.socket` is null after a reset, although its type says otherwise.
      response.destroy()
    })
  }
}

/** A target that is not a path, such as `*`, becomes `/`, which no origin knows. */
function parseTarget(target: string): URL {
  const absolute = `http://localhost${target}`
  return new URL(URL.canParse(absolute) ? absolute : 'http://localhost/')
}

/** Running tasks. close() waits for them, so that nothing is written after it has resolved. */
export interface Tasks {
  /** Adds a task; `failed` gets its error. */
  run(task: Promise<void>, failed: (error: unknown) => void): void
  /** Resolves when all tasks have ended, including those added meanwhile. */
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
