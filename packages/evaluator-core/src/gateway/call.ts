import type { Dispatcher } from 'undici'
import type { Config } from '../config/config.ts'
import { EvaluatorUploadError } from '../errors.ts'
import { ENCODINGS } from '../http/decode.ts'
import { exchange, type Reply } from '../http/exchange.ts'
import type { Failure } from '../http/failure.ts'
import { type Retrying, retry } from '../http/retry.ts'
import { parseRecord } from '../json.ts'
import { gatewayFailure, isError, notTheService, PROXY_HINT } from './failure.ts'

/** What a call to the service needs beside its arguments. */
export interface Net {
  readonly config: Config
  readonly dispatcher: Dispatcher
  readonly signal: AbortSignal
  readonly onRetry?: Retrying['onRetry']
}

export interface Call {
  /** As in "Could not …". */
  what: string
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the base URL, with its leading slash. */
  path: string
  query?: Record<string, string | number | boolean | undefined> | undefined
  body?: unknown
  /**
   * `false` for what must not be sent twice, where the caller looks what became of it. A 429 is a plain refusal and
   * is repeated all the same.
   * @default true
   */
  repeatable?: boolean
  /** Whether the answer is a JSON object. @default true */
  json?: boolean
}

export interface Answer {
  body: Record<string, unknown>
  reply: Reply
}

/**
 * One call to the gateway, tried again where that can help.
 * @throws EvaluatorUploadError FW_AUTH without a key; else what {@link gatewayFailure} makes of the answer
 */
export async function call(net: Net, call: Call): Promise<Answer> {
  const { config, dispatcher, signal, onRetry } = net
  const headers = requestHeaders(config, call)
  const repeatable = (failed: Failure) => call.repeatable !== false || failed.status === 429
  return retry(
    async () => {
      const outcome = await exchange(dispatcher, {
        method: call.method,
        url: `${config.baseUrl}${call.path}${queryString(call.query)}`,
        headers,
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
        signal,
        idleMs: config.timeouts.attemptMs,
      })
      const result = 'failed' in outcome ? outcome : read(outcome.reply, call)
      if ('value' in result || repeatable(result.failed)) return result
      return { failed: { ...result.failed, retry: false } }
    },
    { what: call.what, policy: config.retry, signal, onRetry },
  )
}

function read(reply: Reply, { json = true }: Call): { value: Answer } | { failed: Failure } {
  if (reply.status < 200 || reply.status > 299) return { failed: gatewayFailure(reply) }
  const body = json ? parseRecord(reply.text) : {}
  // Some proxies turn the status of an error into 200. What such a call asked for was not done.
  if (body && isError(body)) return { failed: { ...gatewayFailure(reply), hint: PROXY_HINT } }
  if (body) return { value: { body, reply } }
  // A cut-off answer may come whole the next time; a page instead of one will not.
  const cutOff = reply.text.trimStart().startsWith('{')
  const why = cutOff
    ? 'the JSON of the answer is cut off, or nested too deep'
    : 'what answered is not the service'
  return { failed: { ...notTheService(reply, why), retry: cutOff } }
}

function requestHeaders({ apiKey }: Config, { body, what }: Call): Record<string, string> {
  if (!apiKey) throw missingKey(what)
  return {
    authorization: `Bearer ${apiKey}`,
    accept: 'application/json',
    'accept-encoding': ENCODINGS,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
}

/** Turborepo hides variables from tasks unless they are listed, which looks just like a key that was never set. */
function missingKey(what: string): EvaluatorUploadError {
  const hint = process.env.TURBO_HASH
    ? 'Under Turborepo, add "FIREWORKS_API_KEY" to passThroughEnv of the task in turbo.json.'
    : 'Set FIREWORKS_API_KEY; keys are made at https://app.fireworks.ai/settings/users/api-keys.'
  return new EvaluatorUploadError('FW_AUTH', `Could not ${what}: no API key was found.`, { hint })
}

function queryString(query: Call['query'] = {}): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) params.set(key, String(value))
  }
  return params.size > 0 ? `?${params}` : ''
}
