import type { Dispatcher } from 'undici'
import type { Config } from '../config/config.ts'
import { earlySockets } from './early-sockets.ts'

/** The sockets of one upload. */
export interface Connections {
  readonly dispatcher: Dispatcher
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
 * @param ahead origins to connect to while undici loads
 */
export async function openConnections(
  config: Config,
  own?: Dispatcher,
  ahead: readonly string[] = [],
): Promise<Connections> {
  if (own) return { dispatcher: own, close: async () => {} }
  // Ends sockets that are not connected yet, too: undici would leave them until their time is out.
  const closing = new AbortController()
  const early = earlySockets({ timeout: config.timeouts.connectMs, signal: closing.signal })
  const isProxied = PROXY_VARIABLES.some((name) => process.env[name])
  // Loading takes as long as the handshakes (100 ms on Node 20), so that one of the two is free.
  if (!isProxied) for (const origin of ahead) early.open(origin)
  // By its file: for the bare name Bun gives a stand-in of its own, which has no Agent that works.
  const { Agent, EnvHttpProxyAgent, buildConnector } = await import('undici/index.js')
  const connect = { timeout: config.timeouts.connectMs, signal: closing.signal }
  const close = async (dispatcher: Dispatcher) => {
    closing.abort()
    await dispatcher.destroy()
  }
  if (isProxied) {
    const dispatcher = new EnvHttpProxyAgent({ ...ONE_CONNECTION, connect })
    return { dispatcher, close: () => close(dispatcher) }
  }
  const dispatcher = new Agent({ ...ONE_CONNECTION, connect: early.before(buildConnector(connect)) })
  return { dispatcher, close: () => close(dispatcher) }
}
