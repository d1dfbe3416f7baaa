import type { FaultAction } from '../faults/faults.ts'
import { clock, type FaultScript } from '../faults/script.ts'
import type { StoreFlavourName } from '../options.ts'
import { type Answer, bytesBody, type Exchange } from '../server/exchange.ts'
import { respond } from '../server/play-fault.ts'
import type { Origin } from '../server/serve.ts'
import { evaluatorIdOf } from '../state/world.ts'
import { createAzure } from './azure.ts'
import type { FlavourOptions, StoreFlavour } from './flavour.ts'
import { createGcs } from './gcs.ts'
import { getStored, putStored, type StoreParts } from './objects.ts'
import { errorXml, StoreRefusal } from './refusal.ts'
import { createS3 } from './s3.ts'
import type { V4Request } from './v4-sign.ts'

/** Every kind of store that can be behind the signed URLs. */
export const flavours: Record<StoreFlavourName, (options: FlavourOptions) => StoreFlavour> = {
  gcs: createGcs,
  s3: createS3,
  azure: createAzure,
}

/** The blob store. Only signed URLs have access. */
export function createStoreOrigin(parts: StoreParts, faults: FaultScript): Origin {
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
          refused(parts.flavour, entry, new StoreRefusal(status, codeOfStatus(status), 'As scripted.')),
        handle: async () => {
          try {
            return await answerTo(parts, exchange, action)
          } catch (error) {
            if (exchange.request.socket.destroyed) throw error
            const refusal = error instanceof StoreRefusal ? error : ownFailure(error)
            entry.problem = refusal.message
            return refused(parts.flavour, entry, refusal)
          }
        },
      })
    },
  }
}

async function answerTo(
  parts: StoreParts,
  exchange: Exchange,
  action: FaultAction | undefined,
): Promise<Answer> {
  const { flavour } = parts
  const { request, url } = exchange
  const signed: V4Request = {
    method: request.method ?? '',
    path: url.pathname,
    query: [...url.searchParams],
    headers: flatHeaders(request.headersDistinct),
  }
  refuseCredentials(parts, exchange, signed)
  if (request.method === 'PUT' && !/^\d+$/.test(signed.headers['content-length'] ?? '')) {
    throw flavour.refusesChunked
  }
  flavour.verify(signed, clock(action))
  return request.method === 'PUT'
    ? putStored(parts, exchange, signed, action)
    : getStored(parts, exchange, action)
}

/** The URL is the credential. An API key in such a request has leaked to another company's server. */
function refuseCredentials(
  { world: { state }, flavour }: StoreParts,
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

/** For example a full disk. */
function ownFailure(error: unknown): StoreRefusal {
  const details = `the emulator failed: ${error instanceof Error ? error.message : String(error)}`
  return new StoreRefusal(500, 'InternalError', 'We encountered an internal error.', { Details: details })
}

function refused(
  flavour: StoreFlavour,
  { requestId }: Exchange['entry'],
  { status, fields, headers }: StoreRefusal,
): Answer {
  return {
    status,
    headers: {
      ...flavour.commonHeaders(requestId),
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
