import type { IncomingMessage } from 'node:http'
import type { FaultAction, Step } from '../faults/faults.ts'

/** One request. Credentials and signatures are replaced by `[redacted]`. */
export interface RequestEntry {
  /** Counts from 1 over both origins, in the order of arrival. */
  readonly number: number
  readonly origin: 'gateway' | 'store'
  /** Undefined if the emulator does not know such a request. */
  readonly step: Step | undefined
  readonly evaluatorId: string | undefined
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case; values of a repeated header are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** The JSON body, on the gateway. */
  readonly body: unknown
  /** Bytes of the body that arrived so far. */
  readonly bytesReceived: number
  /** Bytes of the answer's body that went out so far. */
  readonly bytesSent: number
  /** Sent with the answer as `x-request-id`. */
  readonly requestId: string
  /** When the head of the request arrived; ISO 8601. */
  readonly arrivedAt: string
  /** Milliseconds from `arrivedAt` to the end of the request; undefined before the end. */
  readonly durationMs: number | undefined
  /** Undefined until an answer is sent. */
  readonly status: number | undefined
  /** The answer; undefined until it is sent. */
  readonly answer: RequestAnswer | undefined
  /** Why the request was refused, or which part of it the service would ignore. */
  readonly problem: string | undefined
  /** The fault that was played, if any. */
  readonly fault: FaultAction['kind'] | undefined
  /** True when the request has ended. */
  readonly ended: boolean
}

/** The answer to a request, without keys and signatures. */
export interface RequestAnswer {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The text of the body: its first 16,384 characters. Undefined for the bytes of a stored object. */
  readonly body: string | undefined
}

/** The same entry, for the servers, which write it. */
export type OpenEntry = { -readonly [K in keyof RequestEntry]: RequestEntry[K] }

/** Replaces a credential or a signature. */
export const redacted = '[redacted]'
/** Headers with a name like these hold secrets. */
const secretHeaders = /authorization|cookie|token|secret|password|credential|signature|api-?key/
/** The same parameters in a URL inside a text. */
const signatures = /((?:x-(?:goog|amz)-(?:signature|credential|security-token)|[?&;]sig)=)[^&"'\s<>\\]+/gi
const maxKeptText = 16_384
const secretParameters = /^(x-(goog|amz)-(signature|credential|security-token)|sig)$/i

export interface RequestLog {
  readonly entries: readonly RequestEntry[]
  begin(origin: RequestEntry['origin'], request: IncomingMessage, known: KnownAtOnce): OpenEntry
  answered(entry: OpenEntry, answer: Answered): void
  end(entry: OpenEntry): void
}

interface Answered {
  status: number
  headers: Readonly<Record<string, string | string[]>>
  text: string | undefined
}

type KnownAtOnce = Pick<RequestEntry, 'step' | 'evaluatorId' | 'requestId'> & { url: URL }

/** Called twice per request: when its head has arrived, and when it has finished. */
export interface RequestListeners {
  begun(entry: RequestEntry): void
  over(entry: RequestEntry): void
}

/** @param apiKey is removed from the log, wherever a client puts it */
export function createRequestLog(apiKey: string, listeners: RequestListeners): RequestLog {
  const redact = (text: string): string => text.replaceAll(apiKey, redacted)
  const entries: OpenEntry[] = []
  return {
    entries,
    begin(origin, request, { url, step, evaluatorId, requestId }) {
      const entry: OpenEntry = {
        number: entries.length + 1,
        origin,
        step,
        evaluatorId,
        method: request.method ?? '',
        path: redact(url.pathname),
        query: mapValues(redactedQuery(url.searchParams), redact),
        headers: mapValues(redactedHeaders(request), redact),
        body: undefined,
        bytesReceived: 0,
        bytesSent: 0,
        requestId,
        arrivedAt: new Date().toISOString(),
        durationMs: undefined,
        status: undefined,
        answer: undefined,
        problem: undefined,
        fault: undefined,
        ended: false,
      }
      entries.push(entry)
      listeners.begun(entry)
      return entry
    },
    answered(entry, { status, headers, text }) {
      const values = Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])
      const withoutSecrets = (value: string): string => redact(value).replace(signatures, `$1${redacted}`)
      entry.status = status
      entry.answer = {
        headers: mapValues(Object.fromEntries(values), withoutSecrets),
        body: text === undefined ? undefined : withoutSecrets(text.slice(0, maxKeptText)),
      }
    },
    end(entry) {
      if (entry.ended) return
      entry.ended = true
      // Not below 0, even if the machine's clock was set back.
      entry.durationMs = Math.max(0, Date.now() - Date.parse(entry.arrivedAt))
      listeners.over(entry)
    },
  }
}

/** The same JSON without `secret`. */
export function redactedJson(value: unknown, secret: string): unknown {
  if (typeof value === 'string') return value.replaceAll(secret, redacted)
  if (Array.isArray(value)) return value.map((item) => redactedJson(item, secret))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name.replaceAll(secret, redacted),
      redactedJson(field, secret),
    ]),
  )
}

function redactedHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    headers[name] = secretHeaders.test(name) ? redacted : (values ?? []).join(', ')
  }
  return headers
}

function redactedQuery(parameters: URLSearchParams): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [name, value] of parameters) query[name] = secretParameters.test(name) ? redacted : value
  return query
}

function mapValues(
  record: Record<string, string>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}
