import type { Dispatcher } from 'undici'
import type { Config } from '../config/config.ts'
import { type EarlySockets, earlySockets } from './early-sockets.ts'
import { loadUndici } from './undici.ts'

/** The sockets of one upload. */
export interface Connections {
  /** Waits until undici is loaded. */
  dispatcher(): Promise<Dispatcher>
  /** Ends all sockets at once, so that none keeps the process alive. A caller's own dispatcher stays open. */
  close(): Promise<void>
}

const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']

/**
 * One connection an origin: undici opens a second one in a plain chain of calls otherwise, at two round trips
 * (measured on 7.30). Two requests in flight on it let independent reads share a round trip; undici never
 * pipelines what is not idempotent.
 */
const ONE_CONNECTION = { connections: 1, pipelining: 2 }

/**
 * @param own a dispatcher that the caller made and closes
 * @param ahead origins to connect to at once, while undici loads
 */
export function openConnections(
  config: Config,
  own?: Dispatcher,
  ahead: readonly string[] = [],
): Connections {
  if (own) return { dispatcher: async () => own, close: async () => {} }
  // Ends sockets that are not connected yet, too: undici would leave them until their time is out.
  const closing = new AbortController()
  const connect = { timeout: config.timeouts.connectMs, signal: closing.signal }
  const early = earlySockets(connect)
  const isProxied = PROXY_VARIABLES.some((name) => process.env[name])
  if (!isProxied) for (const origin of ahead) early.open(origin)
  const made = isProxied ? makeProxied(connect) : makeDirect(connect, early)
  // Whoever asks for the dispatcher hears of a failure.
  made.catch(() => {})
  return {
    dispatcher: () => made,
    async close() {
      closing.abort()
      await (await made).destroy()
    },
  }
}

interface Connecting {
  /** Milliseconds to a connected socket, TLS included. */
  readonly timeout: number
  readonly signal: AbortSignal
}

async function makeDirect(connect: Connecting, early: EarlySockets): Promise<Dispatcher> {
  const { Agent, buildConnector } = await loadUndici()
  return new Agent({ ...ONE_CONNECTION, connect: early.before(buildConnector(connect)) })
}

async function makeProxied(connect: Connecting): Promise<Dispatcher> {
  // All of undici, unlike in undici.ts: its proxy agents call methods that only the index gives to dispatchers.
  const { EnvHttpProxyAgent } = await import('undici/index.js')
  return new EnvHttpProxyAgent({ ...ONE_CONNECTION, connect })
}
