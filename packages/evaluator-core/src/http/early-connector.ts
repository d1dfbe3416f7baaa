import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'

/** A connector that can be told to begin early; undici then gets the socket that is already on its way. */
export interface EarlyConnector {
  readonly connect: buildConnector.connector
  /** Begins to connect to an origin, unless that is under way. Never fails. */
  open(origin: string): void
}

/** Servers close what stays silent, and nobody reads from a socket that waits; undici's own limit is the same. */
const MAX_IDLE_MS = 4000

export function earlyConnector(connect: buildConnector.connector): EarlyConnector {
  const opened = new Map<string, { socket: Promise<Socket>; since: number }>()
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
      early.socket.then(
        (socket) => {
          if (!socket.destroyed && performance.now() - early.since < MAX_IDLE_MS)
            return callback(null, socket)
          socket.destroy()
          connect(options, callback)
        },
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
      opened.set(key, { socket, since: performance.now() })
    },
  }
}
