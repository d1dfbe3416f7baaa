import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { generate } from 'selfsigned'
import { expect, onTestFinished, test } from 'vitest'
import { resolveProxies } from './proxies.ts'
import { createSockets, type Sockets } from './sockets.ts'

type Server = ReturnType<typeof createServer>

async function listen(server: Server): Promise<string> {
  const open = new Set<Socket>()
  server.on('connection', (socket) => open.add(socket.on('error', () => {})))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  const address = server.address()
  return `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

/** A proxy that says each of `answers` to what it is told next, and then is a way to whom it was asked for. */
function proxy(answers: readonly (string | Buffer)[], heard: string[] = [], way?: string): Promise<string> {
  const server = createServer((socket) => {
    let step = 0
    socket.on('data', (data) => {
      heard.push(data.toString('latin1'))
      const answer = answers[step++]
      if (answer !== undefined) socket.write(answer)
      if (step !== answers.length || !way) return
      socket.removeAllListeners('data')
      const [host, port] = way.split(':')
      const far = connect(Number(port), host)
      socket.pipe(far).pipe(socket)
    })
  })
  return listen(server)
}

function through(proxyUrl: string, timeoutMs = 5000): Sockets {
  const sockets = createSockets(timeoutMs, resolveProxies({ HTTP_PROXY: proxyUrl }))
  onTestFinished(() => sockets.close())
  return sockets
}

function take(sockets: Sockets, origin: string): Promise<Socket> {
  const { protocol, host, hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    sockets.connect({ protocol, host, hostname, port }, (...[error, socket]) =>
      socket ? resolve(socket) : reject(error),
    )
  })
}

const OK = 'HTTP/1.1 200 Connection established\r\n\r\n'

test('CONNECT names the host, bears the credentials, and what comes after is the host', async () => {
  const echo = await listen(createServer((socket) => socket.pipe(socket)))
  const heard: string[] = []
  const address = await proxy([OK], heard, echo)
  const socket = await take(through(`http://me:p%40ss@${address}`), 'http://far.example')
  expect(heard[0]).toBe(
    `CONNECT far.example:80 HTTP/1.1\r\nHost: far.example:80\r\nProxy-Authorization: Basic ${Buffer.from('me:p@ss').toString('base64')}\r\n\r\n`,
  )
  socket.write('hello')
  expect(String((await once(socket, 'data'))[0])).toBe('hello')
})

test('TLS is spoken with the host behind the proxy', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'far.example' }], {
    algorithm: 'sha256',
  })
  const far = await listen(createTlsServer({ key, cert }))
  const socket = take(through(await proxy([OK], [], far)), 'https://far.example')
  await expect(socket).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
})

test.each([
  ['407 Proxy Authentication Required', 407],
  ['403 Forbidden', 403],
  ['502 Bad Gateway', 502],
])('a refusal is told with its status: %s', async (line, status) => {
  const address = await proxy([`HTTP/1.1 ${line}\r\ncontent-length: 2\r\n\r\nno`])
  await expect(take(through(address), 'https://far.example')).rejects.toMatchObject({
    name: 'ProxyError',
    message: `answered ${line}`,
    proxy: address,
    status,
  })
})

test.each([
  ['is no proxy', ['SSH-2.0-OpenSSH\r\n\r\n'], 'not HTTP'],
  ['does not come to an end', ['HTTP/1.1 200 OK\r\n'.repeat(8000)], 'could not be asked'],
])('what answers and %s is no way', async (_, answers, message) => {
  await expect(take(through(await proxy(answers)), 'http://far.example')).rejects.toThrow(message)
})

test.each(['http', 'socks5'])('a %s proxy that says nothing is left in time', async (scheme) => {
  const sockets = through(`${scheme}://${await proxy([])}`, 30)
  await expect(take(sockets, 'https://far.example')).rejects.toMatchObject({
    name: 'ProxyError',
    cause: { code: 'UND_ERR_CONNECT_TIMEOUT' },
  })
})

test('closing ends what waits for a proxy', async () => {
  const sockets = through(await proxy([]))
  const taking = take(sockets, 'https://far.example')
  const failing = expect(taking).rejects.toMatchObject({ name: 'ProxyError' })
  sockets.close()
  await failing
})

const GRANTED = Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80])

test('SOCKS 5: the host goes by name, and a password is given where it is asked for', async () => {
  const echo = await listen(createServer((socket) => socket.pipe(socket)))
  const heard: string[] = []
  const address = await proxy([Buffer.from([5, 2]), Buffer.from([1, 0]), GRANTED], heard, echo)
  const socket = await take(through(`socks5://me:word@${address}`), 'http://far.example')
  expect(heard).toEqual(['\x05\x02\x00\x02', '\x01\x02me\x04word', '\x05\x01\x00\x03\x0bfar.example\x00P'])
  socket.write('hello')
  expect(String((await once(socket, 'data'))[0])).toBe('hello')
})

test.each([
  ['asks for a password', [Buffer.from([5, 2])], 'asks for a name and a password'],
  [
    'cannot reach the host',
    [Buffer.from([5, 0]), Buffer.from([5, 4, 0, 1, 0, 0, 0, 0, 0, 0])],
    'cannot reach the host',
  ],
  ['is none', ['HTTP/1.1 400 Bad Request\r\n\r\n'], 'not SOCKS 5'],
])('SOCKS 5: a proxy that %s', async (_, answers, message) => {
  await expect(take(through(`socks5://${await proxy(answers)}`), 'http://far.example')).rejects.toThrow(
    message,
  )
})
