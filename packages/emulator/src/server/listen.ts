import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { EmulatorSettings } from '../options.ts'

/** The number of connections of an origin. */
export interface Connections {
  /** Since the start. */
  readonly total: number
  /** Now. */
  readonly open: number
}

/** A server on 127.0.0.1. */
export interface Listener {
  /** Scheme, host and port. */
  readonly url: string
  readonly connections: Connections
  /**
   * Passes requests to `handler`, also earlier ones: a client of an earlier process may connect as soon as the port is
   * open.
   */
  serve(handler: Handler): void
  /** Ends a connection with a reset (RST), so that the client sees ECONNRESET and not an orderly end. */
  reset(socket: Socket): void
  /** Ends the server and every connection at once. */
  close(): Promise<void>
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** @throws {Error} EADDRINUSE if the port is in use */
export async function listen(port: number, tls: EmulatorSettings['tls']): Promise<Listener> {
  const server: Server = tls ? createTlsServer({ ...tls }) : createServer()
  const { promise: served, resolve: serve } = withResolvers<Handler>()
  server.on('request', (request, response) => void served.then((handle) => handle(request, response)))
  // Never close an idle connection: that would race with the client's next request, and make tests of clients flaky.
  server.keepAliveTimeout = 0
  server.requestTimeout = 0
  server.headersTimeout = 0

  const sockets = new Map<number, Socket>()
  let total = 0
  server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0
    total += 1
    sockets.set(port, socket)
    socket.on('close', () => sockets.delete(port))
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${portOf(address)}`,
    connections: {
      get total() {
        return total
      },
      get open() {
        return sockets.size
      },
    },
    serve,
    reset(socket) {
      // Under TLS only the socket below can send RST.
      const raw = sockets.get(socket.remotePort ?? 0) ?? socket
      raw.resetAndDestroy()
      socket.destroy()
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets.values()) socket.destroy()
      await closed
    },
  }
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port')
  return address.port
}
