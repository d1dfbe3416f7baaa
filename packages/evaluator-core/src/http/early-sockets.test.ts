import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { type EarlySockets, earlySockets } from './early-sockets.ts'

async function listen(): Promise<{ server: Server; port: number; sockets: Socket[] }> {
  const sockets: Socket[] = []
  const server = createServer((socket) => sockets.push(socket.on('error', () => {})))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address: AddressInfo | string | null = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return { server, port: address.port, sockets }
}

const unused: buildConnector.connector = () => expect.fail('undici connected by itself')

/** What undici would get for this origin. */
function take(early: EarlySockets, origin: string, connect = unused): Promise<Socket> {
  const { protocol, host, hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const options = { protocol, host, hostname, port }
    early.before(connect)(options, (...[error, socket]) => (socket ? resolve(socket) : reject(error)))
  })
}

function early(timeout = 5000): { sockets: EarlySockets; closing: AbortController } {
  const closing = new AbortController()
  onTestFinished(() => closing.abort())
  return { sockets: earlySockets({ timeout, signal: closing.signal }), closing }
}

test('the socket that is on its way is handed out once, without a second connection', async () => {
  const { port, sockets: accepted } = await listen()
  const { sockets } = early()
  const origin = `http://127.0.0.1:${port}`
  sockets.open(origin)
  sockets.open(origin)
  const socket = await take(sockets, origin)
  expect([socket.remotePort, accepted.length]).toEqual([port, 1])
  await expect(
    take(sockets, origin, (_, callback) => callback(new Error('asked anew'), null)),
  ).rejects.toThrow('asked anew')
})

test('an origin that was not opened is left to undici', async () => {
  const { sockets } = early()
  const connect: buildConnector.connector = (_, callback) => callback(new Error('by undici'), null)
  await expect(take(sockets, 'http://127.0.0.1:1', connect)).rejects.toThrow('by undici')
})

test('a socket that was closed while it waited is replaced', async () => {
  const { port } = await listen()
  const { sockets, closing } = early()
  const origin = `http://127.0.0.1:${port}`
  const opened = new Promise<Socket>((resolve) => {
    const hear = (message: unknown) => {
      if (typeof message !== 'object' || message === null || !('socket' in message)) return
      if (message.socket instanceof Socket) resolve(message.socket)
    }
    subscribe('net.client.socket', hear)
    onTestFinished(() => void unsubscribe('net.client.socket', hear))
  })
  sockets.open(origin)
  const socket = await opened
  await once(socket, 'connect')
  closing.abort()
  await once(socket, 'close')
  const connect: buildConnector.connector = (_, callback) => callback(new Error('by undici'), null)
  await expect(take(sockets, origin, connect)).rejects.toThrow('by undici')
})

test.each(['http', 'https'])(
  'a refused connection (%s) is an error of whoever needs it, and of nobody else',
  async (scheme) => {
    const { server, port } = await listen()
    server.close()
    const { sockets } = early()
    sockets.open(`${scheme}://127.0.0.1:${port}`)
    await expect(take(sockets, `${scheme}://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
  },
)

test('closing at once ends it, too', async () => {
  const { server, port, sockets: accepted } = await listen()
  const { sockets, closing } = early()
  sockets.open(`https://127.0.0.1:${port}`)
  closing.abort()
  await expect(take(sockets, `https://127.0.0.1:${port}`)).rejects.toThrow('was closed')
  server.close()
  await once(server, 'close')
  expect(accepted.every(({ destroyed, readableEnded }) => destroyed || readableEnded)).toBe(true)
})

test('a TLS handshake that is never answered ends in time, as undici would say it', async () => {
  const { port } = await listen()
  const { sockets } = early(20)
  sockets.open(`https://127.0.0.1:${port}`)
  await expect(take(sockets, `https://127.0.0.1:${port}`)).rejects.toMatchObject({
    code: 'UND_ERR_CONNECT_TIMEOUT',
  })
})

test('closing ends a socket in the middle of its handshake', async () => {
  const { server, port } = await listen()
  const { sockets, closing } = early()
  const connected = once(server, 'connection')
  sockets.open(`https://127.0.0.1:${port}`)
  const [accepted] = await connected
  const closed = once(accepted.resume(), 'close')
  closing.abort()
  await closed
  await expect(take(sockets, `https://127.0.0.1:${port}`)).rejects.toThrow('was closed')
})
