import { openBlob } from './blob-storage.ts'
import { parseRange } from './byte-range.ts'
import { type Answer, bytesBody, type Exchange, emptyBody } from './exchange.ts'
import type { FaultAction, FaultScript } from './faults.ts'
import { respond } from './play-fault.ts'
import type { Origin } from './serve.ts'
import { StoreRefusal } from './store-refusal.ts'
import type { V4Request } from './v4-sign.ts'
import { clock, evaluatorIdOf, putObject, type World } from './world.ts'
import { errorXml } from './xml.ts'

/** The blob store: signed URLs are all that opens it. */
export function createStoreOrigin(world: World, faults: FaultScript): Origin {
  return {
    name: 'store',
    know({ method }, url) {
      const evaluatorId = evaluatorIdOf(url.pathname)
      if (method === 'PUT') return { step: 'put', evaluatorId }
      return { step: method === 'GET' || method === 'HEAD' ? 'download' : undefined, evaluatorId }
    },
    async handle(exchange) {
      const { entry } = exchange
      const action = entry.step && faults.take(entry.step, entry.evaluatorId)
      await respond(exchange, action, {
        errorAnswer: (status) =>
          refused(world, entry, new StoreRefusal(status, codeOfStatus(status), 'As scripted.')),
        handle: async () => {
          try {
            return await answerTo(world, exchange, action)
          } catch (error) {
            if (exchange.request.socket.destroyed) throw error
            const refusal = error instanceof StoreRefusal ? error : ownFailure(error)
            entry.problem = refusal.message
            return refused(world, entry, refusal)
          }
        },
      })
    },
  }
}

async function answerTo(world: World, exchange: Exchange, action: FaultAction | undefined): Promise<Answer> {
  const { request, url } = exchange
  const signed: V4Request = {
    method: request.method ?? '',
    path: url.pathname,
    query: [...url.searchParams],
    headers: flatHeaders(request.headersDistinct),
  }
  refuseCredentials(world, exchange, signed)
  if (request.method === 'PUT' && !/^\d+$/.test(signed.headers['content-length'] ?? '')) {
    throw world.flavour.refusesChunked
  }
  world.flavour.verify(signed, clock(action))
  return request.method === 'PUT' ? put(world, exchange, signed, action) : get(world, exchange, action)
}

/** The URL is the credential. An API key that comes here has leaked to another company's server. */
function refuseCredentials(
  { state, flavour }: World,
  { url, entry }: Exchange,
  { headers }: V4Request,
): void {
  const leaked =
    url.href.includes(state.apiKey) || Object.values(headers).some((value) => value.includes(state.apiKey))
  if (!leaked && headers.authorization === undefined && headers.cookie === undefined) return
  const refusal = flavour.refusesCredential
  entry.problem = leaked
    ? 'the API key was sent to the store'
    : 'a credential beside the signed URL was sent to the store'
  throw new StoreRefusal(refusal.status, refusal.fields.Code ?? '', refusal.fields.Message ?? '', {
    Details: entry.problem,
  })
}

async function put(
  world: World,
  exchange: Exchange,
  { headers }: V4Request,
  action: FaultAction | undefined,
): Promise<Answer> {
  const size = Number(headers['content-length'])
  world.flavour.checkSize(headers, size)
  const blob = await world.blobs.receive(incoming(exchange, action, size), size)
  const wantedMd5 = headers['content-md5']
  if (wantedMd5 !== undefined && wantedMd5 !== Buffer.from(blob.md5, 'hex').toString('base64')) {
    await world.blobs.remove(blob)
    throw new StoreRefusal(400, 'BadDigest', 'The MD5 you specified did not match what we computed.', {
      Details: 'The MD5 in Content-MD5 is not the MD5 of the body.',
    })
  }
  const object = await putObject(world, exchange.url.pathname, blob, headers['content-type'] ?? '')
  const reported = { ...blob, generation: object.generation, md5: reportedMd5(blob.md5, action) }
  const { status, headers: answerHeaders } = world.flavour.putAnswer(reported)
  return {
    status,
    headers: { ...world.flavour.commonHeaders(exchange.entry.requestId), ...answerHeaders },
    body: emptyBody,
  }
}

async function* incoming(
  exchange: Exchange,
  action: FaultAction | undefined,
  size: number,
): AsyncGenerator<Buffer> {
  const resetAt = action?.kind === 'reset-mid-body' ? (action.bytes ?? Math.floor(size / 2)) : undefined
  const bytesPerSecond = action?.kind === 'slow' ? action.bytesPerSecond : undefined
  for await (const chunk of exchange.body({ bytesPerSecond })) {
    if (resetAt !== undefined && exchange.entry.bytesReceived >= resetAt) {
      exchange.reset()
      throw new Error('the connection was reset in the middle of the body, as scripted')
    }
    yield chunk
  }
}

function get(world: World, { request, url, entry }: Exchange, action: FaultAction | undefined): Answer {
  const object = world.state.objects.get(url.pathname)
  if (!object) throw world.flavour.noSuchObject
  const { blob, generation, contentType, updated } = object
  const headers = {
    ...world.flavour.commonHeaders(entry.requestId),
    ...world.flavour.objectHeaders({ ...blob, generation, md5: reportedMd5(blob.md5, action) }),
    'accept-ranges': 'bytes',
    'content-type': contentType,
    'last-modified': new Date(updated).toUTCString(),
  }
  const range = parseRange(request.headers.range, blob.size)
  if (range === 'unsatisfiable') {
    throw new StoreRefusal(
      416,
      'InvalidRange',
      'The requested range cannot be satisfied.',
      {},
      {
        'content-range': `bytes */${blob.size}`,
      },
    )
  }
  if (!range) return { status: 200, headers, body: { size: blob.size, open: () => openBlob(blob) } }
  const { start, end } = range
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${start}-${end - 1}/${blob.size}` },
    body: { size: end - start, open: () => openBlob(blob, start, end) },
  }
}

function reportedMd5(md5: string, action: FaultAction | undefined): string {
  return action?.kind === 'wrong-md5'
    ? md5.replace(/./g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16))
    : md5
}

/** A full disk, say. */
function ownFailure(error: unknown): StoreRefusal {
  const details = `the emulator failed: ${error instanceof Error ? error.message : String(error)}`
  return new StoreRefusal(500, 'InternalError', 'We encountered an internal error.', { Details: details })
}

function refused(
  world: World,
  { requestId }: Exchange['entry'],
  { status, fields, headers }: StoreRefusal,
): Answer {
  return {
    status,
    headers: {
      ...world.flavour.commonHeaders(requestId),
      'content-type': 'application/xml; charset=UTF-8',
      ...headers,
    },
    body: bytesBody(errorXml(fields)),
  }
}

const codes: Record<number, string> = {
  403: 'AccessDenied',
  404: 'NoSuchKey',
  408: 'RequestTimeout',
  412: 'PreconditionFailed',
  429: 'TooManyRequests',
  500: 'InternalError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
}

function codeOfStatus(status: number): string {
  return codes[status] ?? (status >= 500 ? 'InternalError' : 'InvalidArgument')
}

function flatHeaders(headers: NodeJS.Dict<string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, (values ?? []).join(',')]))
}
