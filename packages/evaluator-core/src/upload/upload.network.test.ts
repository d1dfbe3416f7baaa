import { createServer, type Server } from 'node:net'
import { generate } from 'selfsigned'
import { expect, onTestFinished, test, vi } from 'vitest'
import { bench } from '../../test/bench.ts'

test('a name that cannot be resolved', async () => {
  const { uploadFails } = await bench()
  // .invalid is reserved: no resolver knows it.
  expect(await uploadFails({ baseUrl: 'https://api.invalid' })).toMatchObject({
    code: 'FW_NETWORK',
    message: expect.stringMatching(/the name api\.invalid could not be resolved \((ENOTFOUND|EAI_AGAIN)\)/),
    attempts: 3,
  })
})

test('a connection that is refused', async () => {
  const { uploadFails } = await bench()
  const port = await closedPort()
  expect(await uploadFails({ baseUrl: `http://127.0.0.1:${port}` })).toMatchObject({
    code: 'FW_NETWORK',
    message: expect.stringContaining(`127.0.0.1:${port} refused the connection (ECONNREFUSED)`),
    hint: expect.stringContaining('Nothing was changed at the service'),
  })
})

test('a connection that never comes about', async () => {
  const { uploadFails } = await bench()
  const server = await listening()
  // TLS against a server that accepts and says nothing.
  const options = {
    baseUrl: `https://127.0.0.1:${port(server)}`,
    timeouts: { connectMs: 50 },
    retry: { attempts: 1 },
  }
  expect(await uploadFails(options)).toMatchObject({
    code: 'FW_TIMEOUT',
    message: expect.stringContaining('within the time allowed'),
  })
})

test('a certificate of an unknown CA: no second attempt, and the hint names NODE_EXTRA_CA_CERTS', async () => {
  const { uploadFails } = await bench({ tls: await selfSigned() })
  expect(await uploadFails()).toMatchObject({
    code: 'FW_NETWORK',
    message: expect.stringMatching(
      /certificate of 127\.0\.0\.1:\d+ is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    ),
    hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    attempts: 1,
  })
})

test('a proxy in the environment is used, and NO_PROXY is honoured', async () => {
  const { upload, uploadFails } = await bench()
  const asked: string[] = []
  const proxy = await listening((socket) => {
    socket.once('data', (data) => {
      asked.push(data.toString().split('\r\n')[0] ?? '')
      socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n')
    })
  })
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${port(proxy)}`)
  await uploadFails({ retry: { attempts: 1 } })
  expect(asked[0]).toMatch(/^(CONNECT|GET) /)
  vi.stubEnv('NO_PROXY', '127.0.0.1')
  expect((await upload()).outcome).toBe('uploaded')
})

test.each(['http', 'socks5'])('behind a %s proxy that is silent every limit holds', async (scheme) => {
  const { uploadFails } = await bench()
  const silent = await listening()
  vi.stubEnv('HTTP_PROXY', `${scheme}://127.0.0.1:${port(silent)}`)
  expect(await uploadFails({ timeouts: { totalMs: 100 } })).toMatchObject({ code: 'FW_TIMEOUT' })
  expect(await uploadFails({ timeouts: { attemptMs: 20 } })).toMatchObject({
    code: 'FW_TIMEOUT',
    attempts: 3,
  })
  expect(await uploadFails({ timeouts: { connectMs: 20 } })).toMatchObject({
    message: expect.stringContaining(`the proxy 127.0.0.1:${port(silent)} within the time allowed`),
  })
  const controller = new AbortController()
  const failing = uploadFails({ signal: controller.signal })
  setTimeout(() => controller.abort(), 30)
  expect(await failing).toMatchObject({ code: 'FW_ABORTED' })
})

test.each([407, 403, 502])('a proxy that answers CONNECT with %i is asked once', async (status) => {
  const { uploadFails } = await bench()
  let asked = 0
  const proxy = await listening((socket) => {
    asked += 1
    socket.once('data', () => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`))
  })
  vi.stubEnv('HTTP_PROXY', `127.0.0.1:${port(proxy)}`)
  expect(await uploadFails()).toMatchObject({ code: 'FW_NETWORK', status, attempts: 1 })
  expect(asked).toBeLessThanOrEqual(2)
})

test('the evaluator is deleted while it is built', async () => {
  const { emulator, uploadFails } = await bench({ buildMs: 60_000 })
  const failing = uploadFails({ wait: { intervalMs: 5 } })
  await emulator.waitFor('response', ({ step }) => step === 'validate')
  await fetch(`${emulator.url}/v1/accounts/emulator/evaluators/my-evaluator`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${emulator.apiKey}` },
  })
  expect(await failing).toMatchObject({ code: 'FW_NOT_FOUND' })
})

test('the evaluator is deleted between two steps, and running again makes it anew', async () => {
  const { emulator, upload, uploadFails } = await bench()
  emulator.faults.add({ step: 'endpoint', do: { kind: 'status', status: 404 } })
  expect(await uploadFails()).toMatchObject({ code: 'FW_NOT_FOUND' })
  expect((await upload({ wait: { intervalMs: 1 } })).evaluator?.state).toBe('ACTIVE')
})

async function listening(onConnection: Parameters<typeof createServer>[1] = () => {}): Promise<Server> {
  const server = createServer(onConnection).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  return server
}

function port(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

async function closedPort(): Promise<number> {
  const server = await listening()
  const free = port(server)
  await new Promise((resolve) => server.close(resolve))
  return free
}

async function selfSigned(): Promise<{ key: string; cert: string }> {
  const names = [{ name: 'commonName', value: '127.0.0.1' }]
  const { private: key, cert } = await generate(names, { algorithm: 'sha256' })
  return { key, cert }
}
