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
  /** A dispatcher that the caller creates and closes. */
  own?: Dispatcher | undefined
  /** Origins to connect to at once, while undici loads. */
  ahead?: readonly string[] | undefined
  /**
   * Connections for each origin. One for a single upload: otherwise undici opens a second one in a plain chain of
   * calls, which costs two round trips (measured with 7.30).
   */
  connections?: number
}

/** Two requests in flight let independent reads share a round trip; undici never pipelines what is not idempotent. */
const PIPELINING = 2

/** @throws EvaluatorUploadError FW_CONFIG if a variable has an invalid proxy */
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
  // A failure is reported when the dispatcher is used.
  made.catch(() => {})
  return {
    dispatcher: () => made,
    async close() {
      // Also sockets that are not connected yet, which undici would leave open until their timeout.
      sockets.close()
      await (await made).destroy()
    },
  }
}

/** Connections that many uploads share. Pass `dispatcher` to each. */
export interface Pool {
  readonly dispatcher: Dispatcher
  /** Closes all connections. */
  close(): Promise<void>
}

/** Options of {@link Pool}. */
export interface PoolOptions {
  /** The largest number of connections to one origin. More uploads share them. @default 16 */
  connections?: number | undefined
  /** Milliseconds to connect, including a proxy's answer and TLS. @default 10_000 */
  connectMs?: number | undefined
}

/** Documented for users in api.ts. */
export async function openPool({ connections = 16, connectMs = 10_000 }: PoolOptions = {}): Promise<Pool> {
  const { dispatcher, close } = openConnections({ connectMs, connections })
  return { dispatcher: await dispatcher(), close }
}
