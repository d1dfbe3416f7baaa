import type { Socket } from 'node:net'
import type { buildConnector, Dispatcher } from 'undici'
import type { Config } from './config.ts'

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
  const options = { ...ONE_CONNECTION, connect: { timeout: config.timeouts.connectMs } }
  if (PROXY_VARIABLES.some((name) => process.env[name])) {
    const dispatcher = new EnvHttpProxyAgent(options)
    return { dispatcher, open: () => {}, close: () => dispatcher.destroy() }
  }
  const early = earlyConnector(buildConnector({ timeout: config.timeouts.connectMs }))
  const dispatcher = new Agent({ ...ONE_CONNECTION, connect: early.connect })
  return {
    dispatcher,
    open: early.open,
    close: async () => {
      early.close()
      await dispatcher.destroy()
    },
  }
}

interface EarlyConnector {
  readonly connect: buildConnector.connector
  open(origin: string): void
  close(): void
}

/** A connector that can be told to begin early; undici then gets the socket that is already on its way. */
function earlyConnector(connect: buildConnector.connector): EarlyConnector {
  const opened = new Map<string, Promise<Socket>>()
  const begin = (options: buildConnector.Options) =>
    new Promise<Socket>((resolve, reject) => {
      connect(options, (...[error, socket]) => (socket ? resolve(socket) : reject(error)))
    })
  return {
    connect(options, callback) {
      const key = `${options.protocol}//${options.host}`
      const early = opened.get(key)
      opened.delete(key)
      if (!early) return connect(options, callback)
      early.then(
        // The other side may have hung up while nobody listened; then it is opened anew.
        (socket) => (socket.destroyed ? connect(options, callback) : callback(null, socket)),
        (error: Error) => callback(error, null),
      )
    },
    open(origin) {
      const { protocol, host, hostname, port } = new URL(origin)
      const key = `${protocol}//${host}`
      if (opened.has(key)) return
      const socket = begin({ protocol, host, hostname: hostname.replace(/^\[|\]$/g, ''), port })
      // Whoever needs it hears of the failure; nobody else may.
      socket.catch(() => {})
      opened.set(key, socket)
    },
    close() {
      for (const socket of opened.values()) {
        socket.then(
          (each) => each.destroy(),
          () => {},
        )
      }
      opened.clear()
    },
  }
}
