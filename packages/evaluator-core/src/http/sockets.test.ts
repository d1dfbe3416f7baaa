import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createSockets, type Sockets } from './sockets.ts'

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

/** What undici would get for this origin. */
function take(sockets: Sockets, origin: string): Promise<Socket> {
  const { protocol, host, hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const options = { protocol, host, hostname, port }
    sockets.connect(options, (...[error, socket]) => (socket ? resolve(socket) : reject(error)))
  })
}

function open(timeoutMs = 5000): Sockets {
  const sockets = createSockets(timeoutMs, () => undefined)
  onTestFinished(() => sockets.close())
  return sockets
}

test('the socket that is on its way is handed out once, without a second connection', async () => {
  const { port, sockets: accepted } = await listen()
  const sockets = open()
  const origin = `http://127.0.0.1:${port}`
  sockets.open(origin)
  sockets.open(origin)
  const socket = await take(sockets, origin)
  expect([socket.remotePort, accepted.length]).toEqual([port, 1])
  const second = await take(sockets, origin)
  expect(second.localPort).not.toBe(socket.localPort)
})

test('an origin that was not opened is connected to when it is needed', async () => {
  const { port } = await listen()
  expect((await take(open(), `http://127.0.0.1:${port}`)).remotePort).toBe(port)
})

test('a socket that was closed while it waited is replaced', async () => {
  const { port, sockets: accepted } = await listen()
  const sockets = open()
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
  const closed = once(socket, 'close')
  socket.destroy()
  await closed
  expect((await take(sockets, origin)).destroyed).toBe(false)
  await vi.waitFor(() => expect(accepted).toHaveLength(2))
})

test.each(['http', 'https'])(
  'a refused connection (%s) is an error of whoever needs it, and of nobody else',
  async (scheme) => {
    const { server, port } = await listen()
    server.close()
    const sockets = open()
    sockets.open(`${scheme}://127.0.0.1:${port}`)
    await expect(take(sockets, `${scheme}://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
  },
)

test('closing at once ends it, too', async () => {
  const { server, port, sockets: accepted } = await listen()
  const sockets = open()
  sockets.open(`https://127.0.0.1:${port}`)
  sockets.close()
  await expect(take(sockets, `https://127.0.0.1:${port}`)).rejects.toThrow('was closed')
  server.close()
  await once(server, 'close')
  expect(accepted.every(({ destroyed, readableEnded }) => destroyed || readableEnded)).toBe(true)
})

test('a TLS handshake that is never answered ends in time, as undici would say it', async () => {
  const { port } = await listen()
  const sockets = open(20)
  sockets.open(`https://127.0.0.1:${port}`)
  await expect(take(sockets, `https://127.0.0.1:${port}`)).rejects.toMatchObject({
    code: 'UND_ERR_CONNECT_TIMEOUT',
  })
})

test('closing ends a socket in the middle of its handshake', async () => {
  const { server, port } = await listen()
  const sockets = open()
  const connected = once(server, 'connection')
  sockets.open(`https://127.0.0.1:${port}`)
  const [accepted] = await connected
  const closed = once(accepted.resume(), 'close')
  sockets.close()
  await closed
  await expect(take(sockets, `https://127.0.0.1:${port}`)).rejects.toThrow('was closed')
})
