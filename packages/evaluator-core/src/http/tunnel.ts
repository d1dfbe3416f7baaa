import { isIP, type Socket } from 'node:net'
import { ProxyError } from './failure.ts'
import { proxyCredentials } from './proxies.ts'

/** No head of an answer to CONNECT is near it. */
const MAX_HEAD_BYTES = 64 * 1024

/**
 * Asks the proxy at the other end of `socket` for a way to `host:port`. Afterwards the socket is that way.
 * @param address of the proxy, for messages
 * @throws ProxyError where it refuses
 */
export async function openTunnel(
  socket: Socket,
  proxy: URL,
  address: string,
  target: { host: string; port: number },
): Promise<void> {
  if (proxy.protocol.startsWith('socks')) return askSocks(socket, proxy, address, target)
  const host = `${isIP(target.host) === 6 ? `[${target.host}]` : target.host}:${target.port}`
  const credentials = proxyCredentials(proxy)
  const lines = [`CONNECT ${host} HTTP/1.1`, `Host: ${host}`]
  if (credentials) {
    const basic = Buffer.from(`${credentials.name}:${credentials.password}`).toString('base64')
    lines.push(`Proxy-Authorization: Basic ${basic}`)
  }
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  const head = await read(socket, (bytes) => {
    const end = bytes.indexOf('\r\n\r\n')
    return end < 0 ? undefined : end + 4
  })
  const [, code, reason = ''] = /^HTTP\/1\.[01] (\d{3}) ?([^\r\n]*)/.exec(head.toString('latin1')) ?? []
  if (code === undefined) throw new ProxyError('answered something that is not HTTP', address)
  const status = Number(code)
  if (status < 200 || status > 299)
    throw new ProxyError(`answered ${status} ${reason}`.trim(), address, { status })
}

const SOCKS_VERSION = 5
const BY_PASSWORD = 2
const SOCKS_REFUSALS: Readonly<Record<number, string>> = {
  2: 'does not allow this connection',
  3: 'cannot reach the network of the host',
  4: 'cannot reach the host',
  5: 'was refused by the host',
}

/** SOCKS 5 (RFC 1928), which resolves the host's name itself, with a password (RFC 1929) where there is one. */
async function askSocks(
  socket: Socket,
  proxy: URL,
  address: string,
  { host, port }: { host: string; port: number },
): Promise<void> {
  const credentials = proxyCredentials(proxy)
  socket.write(Buffer.from(credentials ? [SOCKS_VERSION, 2, 0, BY_PASSWORD] : [SOCKS_VERSION, 1, 0]))
  const chosen = await read(socket, () => 2)
  if (chosen[0] !== SOCKS_VERSION) throw new ProxyError('answered something that is not SOCKS 5', address)
  if (chosen[1] === BY_PASSWORD && credentials) {
    socket.write(Buffer.concat([Buffer.of(1), counted(credentials.name), counted(credentials.password)]))
    const [, refused] = await read(socket, () => 2)
    if (refused !== 0) throw new ProxyError('refused name and password', address)
  } else if (chosen[1] !== 0) {
    throw new ProxyError('asks for a name and a password', address)
  }
  const name = Buffer.concat([
    Buffer.of(SOCKS_VERSION, 1, 0, 3),
    counted(host),
    Buffer.of(port >> 8, port & 255),
  ])
  socket.write(name)
  // The address that it speaks from is told too: of 4, 16, or a counted number of bytes.
  const lengths: Readonly<Record<number, number>> = { 1: 4, 4: 16 }
  const answer = await read(socket, (bytes) => 6 + (lengths[bytes[3] ?? 0] ?? (bytes[4] ?? 0) + 1))
  const refusal = answer[1] ?? 1
  if (refusal !== 0) throw new ProxyError(SOCKS_REFUSALS[refusal] ?? `refused (${refusal})`, address)
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text).subarray(0, 255)
  return Buffer.concat([Buffer.of(bytes.length), bytes])
}

/**
 * Reads a message of the proxy's; what comes behind it stays in the socket.
 * @param end how many bytes the message has, judged by those that are there; `undefined` where they do not tell yet
 */
function read(socket: Socket, end: (bytes: Buffer) => number | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0)
    const settle = (outcome: () => void) => {
      socket.off('readable', onReadable).off('error', onError).off('end', onClose).off('close', onClose)
      outcome()
    }
    const onReadable = () => {
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read())
        bytes = Buffer.concat([bytes, chunk])
      const length = bytes.length < 2 ? undefined : end(bytes)
      if (length !== undefined && bytes.length >= length) {
        return settle(() => {
          if (bytes.length > length) socket.unshift(bytes.subarray(length))
          resolve(bytes.subarray(0, length))
        })
      }
      if (bytes.length > MAX_HEAD_BYTES) onError(new Error('its answer does not end'))
    }
    const onError = (error: Error) => settle(() => reject(error))
    const onClose = () =>
      onError(Object.assign(new Error('The connection was closed'), { code: 'ECONNRESET' }))
    socket.on('readable', onReadable).on('error', onError).on('end', onClose).on('close', onClose)
  })
}
