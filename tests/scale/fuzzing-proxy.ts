import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http'
import type { Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, type Delivery, fuzz } from './fuzzed-answers.ts'
import { createRandom } from './random.ts'

/** Stands before an emulator as both the service and its store, and changes answers. */
export interface FuzzingProxy extends AsyncDisposable {
  readonly url: string
  /** Answers that were changed, by what was changed. */
  readonly fuzzed: ReadonlyMap<string, number>
  readonly count: number
  /** Signatures of all URLs that were given out. */
  readonly signatures: ReadonlySet<string>
  /** Share of the answers that are changed. */
  share: number
  /** Where requests go on to: the service and its store. */
  target: { url: string; storeUrl: string } | undefined
}

/** @param seed the same requests under the same seed are answered in the same way */
export async function startFuzzingProxy(seed: string): Promise<FuzzingProxy> {
  const times = new Map<string, number>()
  const fuzzed = new Map<string, number>()
  const signatures = new Set<string>()
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => request.socket.destroy())
  })
  server.on('clientError', (_, socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  let count = 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request
    const what = `${method} ${url.replace(/\?.*/, '')}`
    const nth = times.get(what) ?? 0
    times.set(what, nth + 1)
    const { chance } = createRandom(`${seed} ${what} ${nth}`)
    const isFuzzed = chance(proxy.share)
    // A store that answers before it has read all, or a service that does the work or does not.
    const isForwarded = !isFuzzed || chance(0.7)
    const body = isForwarded || chance(0.7) ? await buffer(request) : Buffer.alloc(0)
    const given = isForwarded
      ? await forward(proxy.target, request, body)
      : {
          status: 200,
          headers: [['content-type', 'application/json']] satisfies [string, string][],
          body: Buffer.from('{}'),
        }
    for (const [, signature = ''] of given.body.toString().matchAll(/Signature=(\w+)/g))
      signatures.add(signature)
    const { socket } = response
    if (!socket || socket.destroyed) return
    if (!isFuzzed) {
      response.writeHead(given.status, given.headers.flat()).end(given.body)
      return
    }
    count++
    const asked = `${method} ${url} Authorization: ${headers.authorization}, http://${headers.host}${url}`
    const changed = fuzz(`${seed} ${what} ${nth} answer`, given, asked)
    for (const kind of changed.kinds) fuzzed.set(kind, (fuzzed.get(kind) ?? 0) + 1)
    await deliver(socket, changed.answer, changed.delivery)
  }

  const proxy: FuzzingProxy = {
    url: `http://127.0.0.1:${address.port}`,
    fuzzed,
    get count() {
      return count
    },
    signatures,
    share: 0,
    target: undefined,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
  return proxy
}

async function forward(target: FuzzingProxy['target'], from: IncomingMessage, body: Buffer): Promise<Answer> {
  if (!target) throw new Error('The proxy stands before nothing')
  const { method, url = '/', headers } = from
  const isGateway = url.startsWith('/v1/') || url.startsWith('/verifyApiKey')
  const to = sendRequest(new URL(url, isGateway ? target.url : target.storeUrl), {
    method,
    headers,
    agent: false,
  })
  to.end(body)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    to.once('response', resolve).once('error', reject)
  })
  const { statusCode = 500, rawHeaders } = response
  const pairs: [string, string][] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    const isHop = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'].includes(name)
    if (!isHop) pairs.push([name, rawHeaders[at + 1] ?? ''])
  }
  return { status: statusCode, headers: pairs, body: await buffer(response) }
}

/** Head and body by hand: no server of Node sends what a broken one does. */
function wire({ status, headers, body }: Answer): [head: Buffer, body: Buffer] {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`)
  const hasEnd = headers.some(([name]) => name === 'content-length')
  if (!hasEnd) lines.push(`content-length: ${body.length}\r\n`)
  return [Buffer.from(`HTTP/1.1 ${status} Case\r\n${lines.join('')}\r\n`), body]
}

const SHORT_MS = 400

/** Ends the connection in each way but `silence`, whose end is the client's to make. */
async function deliver(socket: Socket, answer: Answer, delivery: Delivery): Promise<void> {
  const [head, body] = wire(answer)
  const whole = Buffer.concat([head, body])
  switch (delivery) {
    case 'whole':
      return void socket.end(whole)
    case 'late':
      await sleep(SHORT_MS)
      return void socket.end(whole)
    case 'dripping':
      for (let at = 0; at < Math.min(whole.length, 2000) && !socket.destroyed; at += 100) {
        socket.write(whole.subarray(at, at + 100))
        await sleep(SHORT_MS / 10)
      }
      return void socket.end(whole.subarray(2000))
    case 'cut in its head':
      return void socket.end(head.subarray(0, head.length / 2))
    case 'cut in its body':
      return void socket.end(whole.subarray(0, head.length + body.length / 2))
    case 'reset':
      socket.write(whole.subarray(0, whole.length / 2))
      return void socket.resetAndDestroy()
    case 'silence':
      return
    case 'not HTTP':
      return void socket.end(createRandom(head.toString()).bytes(200))
    case 'twice':
      return void socket.end(Buffer.concat([whole, whole]))
    case 'after a 100 Continue':
      return void socket.end(Buffer.concat([Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'), whole]))
    case 'without an end':
      return void socket.write(Buffer.concat([head.subarray(0, -2), Buffer.from('x-more: 1\r\n\r\n'), body]))
  }
}
