import type { Builds } from './builds.ts'
import { type Answer, type Exchange, emptyBody, jsonBody } from './exchange.ts'
import type { FaultAction, FaultScript } from './faults.ts'
import type { Validator } from './openapi-validate.ts'
import { operations } from './operations/index.ts'
import { respond } from './play-fault.ts'
import { bodyOfStatus, KeyRefusal, Refusal } from './refusal.ts'
import { type Match, matchRoute } from './routes.ts'
import type { Origin } from './serve.ts'
import type { World } from './world.ts'

/** Longest JSON body taken. gRPC's own limit. */
const maxBodyBytes = 4 * 1024 * 1024

interface GatewayParts {
  world: World
  builds: Builds
  faults: FaultScript
  validator: Validator
}

/** The JSON API. */
export function createGatewayOrigin(parts: GatewayParts): Origin {
  const { faults } = parts
  return {
    name: 'gateway',
    know(request, url) {
      if (url.pathname === '/verifyApiKey') return { step: 'verifyApiKey', evaluatorId: undefined }
      const match = matchRoute(request.method ?? '', url)
      if (!match || match === 'other-method') return { step: undefined, evaluatorId: undefined }
      return { step: match.step, evaluatorId: match.evaluatorId || undefined }
    },
    async handle(exchange) {
      const { entry } = exchange
      const raw = await readBody(exchange)
      entry.body = parseJson(raw)
      if (entry.step === 'create') entry.evaluatorId = idInBody(entry.body)
      const action = entry.step && faults.take(entry.step, entry.evaluatorId)
      await respond(exchange, action, {
        errorAnswer: (status) => json(status, bodyOfStatus(status)),
        handle: () => answerTo(parts, exchange, raw, action),
      })
    },
  }
}

async function answerTo(
  parts: GatewayParts,
  { entry, url, request }: Exchange,
  raw: Buffer | 'too long',
  action: FaultAction | undefined,
): Promise<Answer> {
  try {
    if (bearerOf(request.headers.authorization) !== parts.world.state.apiKey) throw new KeyRefusal()
    if (raw === 'too long') throw new Refusal('RESOURCE_EXHAUSTED', 'received message larger than max')
    if (url.pathname === '/verifyApiKey') return verifyApiKey(parts.world, request.method)
    const match = matchRoute(request.method ?? '', url)
    if (!match) throw new Refusal('NOT_FOUND', 'Not Found')
    if (match === 'other-method') throw new Refusal('UNIMPLEMENTED', 'Method Not Allowed')
    const answer = await operate(parts, match, { entry, url, raw, action })
    await parts.world.saved()
    return json(200, answer)
  } catch (error) {
    if (error instanceof KeyRefusal) {
      entry.problem = 'UNAUTHORIZED: no or another API key'
      return json(error.status, error.body(entry.requestId))
    }
    if (error instanceof Refusal) {
      // "Not found" is news, too, which a kill must not take back.
      await parts.world.saved().catch(() => {})
      entry.problem = error.message
      return json(error.status, error.body)
    }
    entry.problem = `the emulator failed: ${error instanceof Error ? error.stack : String(error)}`
    return json(500, bodyOfStatus(500))
  }
}

interface Received {
  entry: Exchange['entry']
  url: URL
  raw: Buffer
  action: FaultAction | undefined
}

function operate(parts: GatewayParts, match: Match, { entry, url, raw, action }: Received): unknown {
  const { world, validator } = parts
  const { operationId, operation } = match.route
  if (match.accountId !== '' && match.accountId !== world.state.accountId)
    throw new Refusal('PERMISSION_DENIED', '')
  if (operation.requestBody && entry.body === undefined) {
    throw new Refusal(
      'INVALID_ARGUMENT',
      raw.length === 0 ? 'missing request body' : 'the request body is not JSON',
    )
  }
  const body = withoutNulls(entry.body)
  entry.problem = validator.ignored(operationId, body, url.searchParams)
  return operations[operationId]({
    ...parts,
    evaluatorId: match.evaluatorId,
    query: url.searchParams,
    body,
    action,
  })
}

/** The name of the scheme is read in any case, as RFC 9110 has it. */
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

async function readBody(exchange: Exchange): Promise<Buffer | 'too long'> {
  const chunks: Buffer[] = []
  for await (const chunk of exchange.body()) {
    if (exchange.entry.bytesReceived <= maxBodyBytes) chunks.push(chunk)
  }
  return exchange.entry.bytesReceived > maxBodyBytes ? 'too long' : Buffer.concat(chunks)
}

function parseJson(raw: Buffer | 'too long'): unknown {
  if (raw === 'too long' || raw.length === 0) return undefined
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
}

/** In protobuf's JSON a null is a field that was not set. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, field]) => field !== null)
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field)]))
}

function idInBody(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('evaluatorId' in body)) return undefined
  return typeof body.evaluatorId === 'string' ? body.evaluatorId : undefined
}
