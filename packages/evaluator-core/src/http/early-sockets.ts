import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { buildConnector } from 'undici'

/** Sockets that are on their way before undici is loaded; it gets them afterwards. */
export interface EarlySockets {
  /** Begins to connect to an origin, unless that is under way: a TCP and TLS handshake is two round trips. Never fails. */
  open(origin: string): void
  /** A connector that hands out what is on its way, and leaves the rest to `connect`. */
  before(connect: buildConnector.connector): buildConnector.connector
}

/** Servers close what stays silent, and nobody reads from a socket that waits; undici's own limit is the same. */
const MAX_IDLE_MS = 4000
/** As undici has it for the sockets that it opens. */
const KEEP_ALIVE_MS = 60_000

interface Limits {
  /** Milliseconds to a connected socket, TLS included. */
  timeout: number
  /** Ends what is not connected yet, and what is. */
  signal: AbortSignal
}

export function earlySockets(limits: Limits): EarlySockets {
  const opened = new Map<string, { socket: Promise<Socket>; since: number }>()
  return {
    open(origin) {
      const url = new URL(origin)
      if (opened.has(url.origin)) return
      const socket = begin(url, limits)
      // Whoever needs it hears of the failure; nobody else may.
      socket.catch(() => {})
      opened.set(url.origin, { socket, since: performance.now() })
    },
    before: (connect) => (options, callback) => {
      const origin = `${options.protocol}//${options.host}`
      const early = opened.get(origin)
      opened.delete(origin)
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
  }
}

function begin(url: URL, { timeout, signal }: Limits): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isTls = url.protocol === 'https:'
  // A name to check the certificate against; an address is not sent as one, says RFC 6066.
  const servername = isIP(host) ? '' : host
  const socket = isTls
    ? connectTls({ host, port: Number(url.port || 443), servername, ALPNProtocols: ['http/1.1'] })
    : connectTcp({ host, port: Number(url.port || 80) })
  socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS)
  const stop = () => socket.destroy()
  signal.addEventListener('abort', stop, { once: true })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(tooLong(host)), timeout)
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer)
      resolve(socket)
    })
    socket.on('error', reject)
    socket.once('close', () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      reject(new Error(`The connection to ${host} was closed`))
    })
  })
}

/** With the code of undici's error for the same. */
function tooLong(host: string): Error {
  return Object.assign(new Error(`No connection to ${host} in time`), { code: 'UND_ERR_CONNECT_TIMEOUT' })
}
