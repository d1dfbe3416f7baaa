import type { Dispatcher } from 'undici'
import { resolveProxies } from './proxies.ts'
import { createSockets } from './sockets.ts'
import { loadUndici } from './undici.ts'

/** The sockets of one upload, or of many. */
export interface Connections {
  /** Waits until undici is loaded. */
  dispatcher(): Promise<Dispatcher>
  /** Ends all sockets at once, so that none keeps the process alive. A caller's own dispatcher stays open. */
  close(): Promise<void>
}

interface ConnectionOptions {
  /** Milliseconds to a socket that can be written to. */
  connectMs: number
  /** A dispatcher that the caller made and closes. */
  own?: Dispatcher | undefined
  /** Origins to connect to at once, while undici loads. */
  ahead?: readonly string[] | undefined
  /**
   * Connections an origin. Of one upload it is one: undici opens a second in a plain chain of calls otherwise, at two
   * round trips (measured on 7.30).
   */
  connections?: number
}

/** Two requests in flight let independent reads share a round trip; undici never pipelines what is not idempotent. */
const PIPELINING = 2

/** @throws EvaluatorUploadError FW_CONFIG where a variable names no proxy that can be used */
export function openConnections({
  connectMs,
  own,
  ahead = [],
  connections = 1,
}: ConnectionOptions): Connections {
  if (own) return { dispatcher: async () => own, close: async () => {} }
  const sockets = createSockets(connectMs, resolveProxies())
  for (const origin of ahead) sockets.open(origin)
  const made = loadUndici().then(
    ({ Agent }) => new Agent({ connections, pipelining: PIPELINING, connect: sockets.connect }),
  )
  // Whoever asks for the dispatcher hears of a failure.
  made.catch(() => {})
  return {
    dispatcher: () => made,
    async close() {
      // Also those that are not connected yet: undici would leave them until their time is out.
      sockets.close()
      await (await made).destroy()
    },
  }
}

/** Connections that many uploads share: each gets `dispatcher` as an option. */
export interface Pool {
  readonly dispatcher: Dispatcher
  /** Ends them all. */
  close(): Promise<void>
}

/** What {@link Pool}s are made of. */
export interface PoolOptions {
  /** Connections to one origin, at most; more uploads than that share them. @default 16 */
  connections?: number | undefined
  /** Milliseconds to a connected socket, a proxy's answer and TLS included. @default 10_000 */
  connectMs?: number | undefined
}

/** Documented for users in api.ts. */
export async function openPool({ connections = 16, connectMs = 10_000 }: PoolOptions = {}): Promise<Pool> {
  const { dispatcher, close } = openConnections({ connectMs, connections })
  return { dispatcher: await dispatcher(), close }
}
