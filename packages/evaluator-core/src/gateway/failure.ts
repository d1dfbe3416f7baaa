import type { ErrorCode } from '../errors.ts'
import { headerValues, type Reply } from '../http/exchange.ts'
import type { Failure } from '../http/failure.ts'
import { isPassing, parseRetryAfter } from '../http/retry.ts'
import { isRecord, parseRecord } from '../json.ts'

/** google.rpc.Code: the service sends the number, often with an empty message. */
const RPC_NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]

/** FAILED_PRECONDITION: the evaluator is not in the state that the call needs. Comes with status 400. */
const FAILED_PRECONDITION = 9

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: 'FW_AUTH',
  403: 'FW_AUTH',
  404: 'FW_NOT_FOUND',
  408: 'FW_TIMEOUT',
  409: 'FW_CONFLICT',
  429: 'FW_RATE_LIMITED',
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'Check the API key: FIREWORKS_API_KEY, or api_key in ~/.fireworks/auth.ini.',
  403: 'Check that the key may write to this account: FIREWORKS_ACCOUNT_ID names it.',
  404: 'Check the evaluator id and the account.',
  429: 'Wait and run again, or send fewer at once.',
}

/** An answer that is not the one hoped for. Both of the service's error shapes are read, and none is required. */
export function gatewayFailure(reply: Reply): Failure {
  const { status } = reply
  const body = parseError(reply.text)
  const said = [body.name, body.message].filter(Boolean).join(': ') || describeBody(reply)
  return {
    code: body.rpcCode === FAILED_PRECONDITION ? 'FW_CONFLICT' : (CODES[status] ?? 'FW_GATEWAY'),
    reason: `${status} ${said}`.trim().replace(/\.$/, ''),
    status,
    requestId: headerValues(reply, 'x-request-id')[0] ?? body.requestId,
    hint: HINTS[status] ?? (status >= 300 && status < 400 ? REDIRECT_HINT : undefined),
    retry: isPassing(status),
    retryAfterMs: parseRetryAfter(headerValues(reply, 'retry-after')[0]),
  }
}

const REDIRECT_HINT = 'Redirects are not followed, because the key would go along. Check FIREWORKS_API_BASE.'

/** A good status with a body that is not the service's. */
export function notTheService(reply: Reply, why: string): Failure {
  return {
    code: 'FW_GATEWAY',
    reason: `${why} (${reply.status}, ${describeBody(reply)})`,
    status: reply.status,
    requestId: headerValues(reply, 'x-request-id')[0],
    hint: PROXY_HINT,
  }
}

export const PROXY_HINT = 'Check FIREWORKS_API_BASE, and whether a proxy answers instead of the service.'

/** Whether a body is one of the service's two error shapes. No resource has these fields. */
export function isError(body: Record<string, unknown>): boolean {
  const { error, code, message } = body
  if (isRecord(error)) return string(error.message) !== undefined || Boolean(error.code)
  return typeof code === 'number' && code !== 0 && typeof message === 'string'
}

/** What kind of thing answered, in one line; of a page only its title. */
function describeBody({ headers, text }: Reply): string {
  const type = String(headers['content-type'] ?? 'no content type').split(';')[0]
  const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1]?.replace(/\s+/g, ' ').trim().slice(0, 80)
  if (text === '') return 'an empty body'
  return title ? `${type} "${title}"` : `${type}, ${text.length} characters`
}

interface ErrorBody {
  name?: string | undefined
  message?: string | undefined
  rpcCode?: number | undefined
  requestId?: string | undefined
}

function parseError(text: string): ErrorBody {
  const body = parseRecord(text)
  if (!body) return {}
  const inner = isRecord(body.error) ? body.error : body
  const rpcCode = typeof inner.code === 'number' ? inner.code : undefined
  return {
    name: rpcCode === undefined ? string(inner.code) : (RPC_NAMES[rpcCode] ?? `code ${rpcCode}`),
    message: string(inner.message)?.slice(0, 2000),
    rpcCode,
    requestId: string(body.request_id),
  }
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
