import type { Dispatcher } from 'undici'
import type { Config } from '../config/config.ts'
import { earlyConnector } from './early-connector.ts'

/** The sockets of one upload. */
export interface Connections {
  readonly dispatcher: Dispatcher
  /** Opens a connection before it is needed: a TCP and TLS handshake is two round trips. Never fails. */
  open(origin: string): void
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

/** @param own a dispatcher that the caller made and closes */
export async function openConnections(config: Config, own?: Dispatcher): Promise<Connections> {
  if (own) return { dispatcher: own, open: () => {}, close: async () => {} }
  // By its file: for the bare name Bun gives a stand-in of its own, which has no Agent that works.
  const { Agent, EnvHttpProxyAgent, buildConnector } = await import('undici/index.js')
  // Ends sockets that are not connected yet, too: undici would leave them until their time is out.
  const closing = new AbortController()
  const connect = { timeout: config.timeouts.connectMs, signal: closing.signal }
  const close = async (dispatcher: Dispatcher) => {
    closing.abort()
    await dispatcher.destroy()
  }
  if (PROXY_VARIABLES.some((name) => process.env[name])) {
    const dispatcher = new EnvHttpProxyAgent({ ...ONE_CONNECTION, connect })
    return { dispatcher, open: () => {}, close: () => close(dispatcher) }
  }
  const early = earlyConnector(buildConnector(connect))
  const dispatcher = new Agent({ ...ONE_CONNECTION, connect: early.connect })
  return { dispatcher, open: early.open, close: () => close(dispatcher) }
}
