import type { FaultAction } from '../faults/faults.ts'
import type { FaultScript } from '../faults/script.ts'
import { type Answer, type Exchange, emptyBody, jsonBody } from '../server/exchange.ts'
import { respond } from '../server/play-fault.ts'
import { redactedJson } from '../server/request-log.ts'
import type { Origin } from '../server/serve.ts'
import type { World } from '../state/world.ts'
import { type GatewayParts, operate, type Received } from './operate.ts'
import { bodyOfStatus, KeyRefusal, Refusal } from './refusal.ts'
import { matchRoute } from './routes.ts'

/** The largest JSON body: gRPC's limit. */
const maxBodyBytes = 4 * 1024 * 1024
/** The deepest nesting of JSON, as in most readers of protobuf's JSON. */
const maxDepth = 100

type Body = Received['body'] | 'too long' | 'not kept'

/** The JSON API. */
export function createGatewayOrigin(parts: GatewayParts, faults: FaultScript): Origin {
  return {
    name: 'gateway',
    know(request, url) {
      if (url.pathname === '/verifyApiKey') return { step: 'verifyApiKey', evaluatorId: undefined }
      const match = matchRoute(request.method ?? '', url)
      if (typeof match === 'string') return { step: undefined, evaluatorId: undefined }
      return { step: match.step, evaluatorId: match.evaluatorId || undefined }
    },
    async handle(exchange) {
      const { entry } = exchange
      const body = await readBody(exchange)
      if (typeof body === 'object') {
        entry.body = redactedJson(body.json, parts.world.state.apiKey)
        if (entry.step === 'create') entry.evaluatorId = idInBody(body.json)
      }
      const action = entry.step && faults.take(entry.step, entry.evaluatorId)
      await respond(exchange, action, {
        errorAnswer: (status) => json(status, bodyOfStatus(status)),
        handle: () => answerTo(parts, exchange, body, action),
      })
    },
  }
}

async function answerTo(
  parts: GatewayParts,
  { entry, url, request }: Exchange,
  body: Body,
  action: FaultAction | undefined,
): Promise<Answer> {
  try {
    if (bearerOf(request.headers.authorization) !== parts.world.state.apiKey) throw new KeyRefusal()
    if (body === 'too long') throw new Refusal('RESOURCE_EXHAUSTED', 'received message larger than max')
    if (url.pathname === '/verifyApiKey') return verifyApiKey(parts.world, request.method)
    const match = matchRoute(request.method ?? '', url)
    if (match === 'unknown') throw new Refusal('NOT_FOUND', 'Not Found')
    if (match === 'other method') throw new Refusal('UNIMPLEMENTED', 'Method Not Allowed')
    if (match === 'malformed') throw new Refusal('INVALID_ARGUMENT', 'malformed path: invalid URL escape')
    const ignored = (problem: string | undefined): void => {
      entry.problem = problem
    }
    const kept = body === 'not kept' ? 'missing' : body
    const answer = await operate(parts, { match, query: url.searchParams, body: kept, action, ignored })
    await parts.world.saved()
    return json(200, answer)
  } catch (error) {
    if (error instanceof KeyRefusal) {
      entry.problem = 'UNAUTHORIZED: the API key is missing or wrong'
      return json(error.status, error.body(entry.requestId))
    }
    if (error instanceof Refusal) {
      // Save before a refusal, too: after "not found" a restart must not bring the evaluator back.
      await parts.world.saved().catch(() => {})
      entry.problem = error.message
      return json(error.status, error.body)
    }
    entry.problem = `the emulator failed: ${error instanceof Error ? error.stack : String(error)}`
    return json(500, bodyOfStatus(500))
  }
}

/** RFC 9110: the name of the scheme may be in any case. */
function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
}

function verifyApiKey(world: World, method: string | undefined): Answer {
  if (method !== 'GET') throw new Refusal('UNIMPLEMENTED', 'Method Not Allowed')
  return { status: 200, headers: { 'x-fireworks-account-id': world.state.accountId }, body: emptyBody }
}

function json(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: jsonBody(value) }
}

/**
 * Keeps bodies of known routes only. Clients also send other things to the same service, such as the values of a .env
 * file, and those must not be in a log.
 */
async function readBody(exchange: Exchange): Promise<Body> {
  const { entry } = exchange
  if (entry.step === undefined || entry.step === 'verifyApiKey') {
    await exchange.drain()
    return 'not kept'
  }
  const chunks: Buffer[] = []
  for await (const chunk of exchange.body()) {
    if (entry.bytesReceived <= maxBodyBytes) chunks.push(chunk)
  }
  if (entry.bytesReceived > maxBodyBytes) return 'too long'
  if (entry.bytesReceived === 0) return 'missing'
  try {
    const json: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    return isDeeperThan(json, maxDepth) ? 'not JSON' : { json }
  } catch {
    return 'not JSON'
  }
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((inner) => isDeeperThan(inner, depth - 1))
}

function idInBody(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('evaluatorId' in body)) return undefined
  return typeof body.evaluatorId === 'string' ? body.evaluatorId : undefined
}
