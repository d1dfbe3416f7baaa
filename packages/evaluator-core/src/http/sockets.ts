import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { buildConnector } from 'undici'
import { ProxyError } from './failure.ts'
import { compileParserOnce } from './parser-tiers.ts'
import { type Proxies, proxyAddress } from './proxies.ts'
import { openTunnel } from './tunnel.ts'

/** All the sockets of one upload, straight or through a proxy. */
export interface Sockets {
  /** Begins to connect to an origin, unless that is under way: a TCP and TLS handshake is two round trips. Never fails. */
  open(origin: string): void
  /** What undici connects with: it gets what is on its way, else a new socket. */
  readonly connect: buildConnector.connector
  /** Ends those that are connected, and those that are not yet. */
  close(): void
}

/** Servers close what stays silent, and nobody reads from a socket that waits; undici's own limit is the same. */
const MAX_IDLE_MS = 4000
const KEEP_ALIVE_MS = 60_000

/** @param timeoutMs to a socket that can be written to, the proxy's answer and TLS included */
export function createSockets(timeoutMs: number, proxies: Proxies): Sockets {
  const alive = new Set<Socket>()
  const early = new Map<string, { socket: Promise<Socket>; since: number }>()
  let isClosed = false

  /** Each stands in `alive` until it is closed; not under an abort signal, which every socket would add a listener to. */
  const keep = (socket: Socket): Socket => {
    alive.add(socket)
    socket.once('close', () => alive.delete(socket))
    // An error between two owners is seen by the next one as a socket that is destroyed.
    socket.on('error', () => {})
    return socket.setNoDelay(true)
  }

  const begin = async (origin: URL): Promise<Socket> => {
    const proxy = proxies(origin)
    const host = bareHost(origin)
    const port = portOf(origin)
    let socket: Socket | undefined
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      socket?.destroy(tooLong(proxy ? proxyAddress(proxy) : host))
    }, timeoutMs)
    const next = (made: Socket) => {
      socket = keep(made)
      if (isClosed || isLate) socket.destroy()
      return socket
    }
    try {
      if (proxy) {
        socket = await throughProxy(proxy, { host, port }, next)
        return origin.protocol === 'https:' ? await secured(next(overTls(host, { socket }))) : socket
      }
      if (origin.protocol === 'https:') return await secured(next(overTls(host, { host, port })))
      return await ready(next(connectTcp({ host, port })), 'connect')
    } catch (error) {
      socket?.destroy()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    open(origin) {
      const url = new URL(origin)
      if (early.has(url.origin)) return
      const socket = begin(url)
      // Whoever needs it hears of the failure; nobody else may.
      socket.catch(() => {})
      early.set(url.origin, { socket, since: performance.now() })
    },
    connect({ protocol, host }, callback) {
      const url = new URL(`${protocol}//${host}`)
      const ahead = early.get(url.origin)
      early.delete(url.origin)
      const take = async () => {
        const socket = await ahead?.socket
        if (ahead && socket && !socket.destroyed && performance.now() - ahead.since < MAX_IDLE_MS)
          return socket
        socket?.destroy()
        return begin(url)
      }
      take().then(
        (socket) => compileParserOnce(() => callback(null, socket)),
        (error: Error) => callback(error, null),
      )
    },
    close() {
      isClosed = true
      for (const socket of alive) socket.destroy()
    },
  }
}

async function throughProxy(
  proxy: URL,
  target: { host: string; port: number },
  next: (socket: Socket) => Socket,
): Promise<Socket> {
  const address = proxyAddress(proxy)
  const port = Number(address.slice(address.lastIndexOf(':') + 1))
  const host = bareHost(proxy)
  try {
    const socket =
      proxy.protocol === 'https:'
        ? await secured(next(overTls(host, { host, port })))
        : await ready(next(connectTcp({ host, port })), 'connect')
    await openTunnel(socket, proxy, address, target)
    return socket
  } catch (cause) {
    throw cause instanceof ProxyError ? cause : new ProxyError('could not be asked', address, { cause })
  }
}

function overTls(host: string, to: { socket: Socket } | { host: string; port: number }): Socket {
  // A name to check the certificate against; an address is not sent as one, says RFC 6066.
  const servername = isIP(host) ? '' : host
  return connectTls({ ...to, ...('socket' in to && { host }), servername, ALPNProtocols: ['http/1.1'] })
}

const secured = (socket: Socket): Promise<Socket> => ready(socket, 'secureConnect')

function ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const onClose = () => reject(new Error('The connection was closed'))
    socket.once('error', reject).once('close', onClose)
    socket.once(event, () => {
      socket.off('error', reject).off('close', onClose)
      resolve(socket.setKeepAlive(true, KEEP_ALIVE_MS))
    })
  })
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80))
}

/** With the code of undici's error for the same. */
function tooLong(host: string): Error {
  return Object.assign(new Error(`No connection to ${host} in time`), { code: 'UND_ERR_CONNECT_TIMEOUT' })
}
