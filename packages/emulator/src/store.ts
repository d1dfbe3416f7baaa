import { type Answer, bytesBody, type Exchange } from './exchange.ts'
import type { FaultAction, FaultScript } from './faults.ts'
import { respond } from './play-fault.ts'
import type { Origin } from './serve.ts'
import { getStored, putStored } from './store-objects.ts'
import { StoreRefusal } from './store-refusal.ts'
import type { V4Request } from './v4-sign.ts'
import { clock, evaluatorIdOf, type World } from './world.ts'
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
  return request.method === 'PUT'
    ? putStored(world, exchange, signed, action)
    : getStored(world, exchange, action)
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
