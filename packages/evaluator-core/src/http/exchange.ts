import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import packageJson from '../../package.json' with { type: 'json' }
import { abortError, deadline } from '../deadline.ts'
import { rejectOnAbort } from '../pace.ts'
import { decode } from './decode.ts'
import { type Failure, networkFailure } from './failure.ts'
import { loadUndici } from './undici.ts'

/** Names package and version to the other side, and nothing about the user. */
const USER_AGENT: string = `${packageJson.name}/${packageJson.version}`

/** No answer that we read is near it; what is longer is not the service. */
const MAX_BODY_BYTES = 4 * 1024 * 1024

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers: Record<string, string>
  /** A stream is made anew for each attempt, and tells of each piece that it gave. */
  body?: string | ((moved: () => void) => Readable)
  signal: AbortSignal
  /** Milliseconds without any byte moving, in either direction, until the attempt is given up. */
  idleMs: number
  /** Called when status and headers have come. */
  onHead?: () => void
  /** Of a body that is longer than 4 MiB only the beginning counts, and it is no failure. */
  beginningOnly?: boolean
}

export interface Reply {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/**
 * One request and its whole answer, as data; redirects are answers too and are never followed.
 * @throws EvaluatorUploadError FW_ABORTED or FW_TIMEOUT, only when the signal was aborted
 */
export async function exchange(
  dispatcher: Dispatcher,
  { method, url, headers, body, signal, idleMs, onHead, beginningOnly = false }: Request,
): Promise<{ reply: Reply } | { failed: Failure }> {
  const { host } = new URL(url)
  const idle = deadline(idleMs, `${host} was silent for ${idleMs} ms`, '', signal)
  try {
    const answer = await send(dispatcher, url, {
      method,
      headers,
      body: typeof body === 'function' ? body(idle.extend) : (body ?? null),
      signal: idle.signal,
    })
    onHead?.()
    const { text, isCut } = await readText(decode(answer), idle.extend)
    if (isCut && !beginningOnly) {
      return {
        failed: { code: 'FW_GATEWAY', reason: 'the answer is longer than 4 MiB', status: answer.statusCode },
      }
    }
    return { reply: { status: answer.statusCode, headers: answer.headers, text } }
  } catch (error) {
    return { failed: attemptFailure(error, { host, signal, idle: idle.signal, idleMs }) }
  } finally {
    idle.clear()
  }
}

type Sent = Pick<Dispatcher.RequestOptions, 'method' | 'body'> & {
  headers: Record<string, string>
  signal: AbortSignal
}

/** One request, up to the head of its answer. Rejects when the signal is aborted, at whatever point that is. */
export async function send(
  dispatcher: Dispatcher,
  url: string,
  { headers, signal, ...options }: Sent,
): Promise<Dispatcher.ResponseData> {
  const { request } = await loadUndici()
  const answering = request(dispatcher, url, {
    ...options,
    headers: { ...headers, 'user-agent': USER_AGENT },
    signal,
    // Else undici holds back what could share the connection until this is answered: a round trip.
    blocking: options.method !== 'GET',
    // Our own clock runs instead: undici's would end a long upload whose bytes are still moving.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  // undici looks at the signal when the request is written, which is never while there is no connection.
  const aborted = rejectOnAbort(signal)
  try {
    return await Promise.race([answering, aborted.promise])
  } catch (error) {
    answering.then(
      ({ body }) => body.on('error', () => {}).destroy(),
      () => {},
    )
    throw error
  } finally {
    aborted.clear()
  }
}

/**
 * Why an attempt failed: the silence of the other side, or what the network says.
 * @throws EvaluatorUploadError FW_ABORTED or FW_TIMEOUT, where `signal` was aborted: that is no attempt's failure
 */
export function attemptFailure(
  cause: unknown,
  { host, signal, idle, idleMs }: { host: string; signal: AbortSignal; idle: AbortSignal; idleMs: number },
): Failure {
  if (signal.aborted) throw abortError(signal)
  if (!idle.aborted) return networkFailure(cause, host)
  return { code: 'FW_TIMEOUT', reason: `${host} did not move a byte for ${idleMs} ms`, retry: true, cause }
}

/** Leaving the loop early closes the socket: a huge body is not read to its end. */
async function readText(
  body: AsyncIterable<Uint8Array>,
  moved: () => void,
): Promise<{ text: string; isCut: boolean }> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    moved()
    size += chunk.length
    chunks.push(chunk)
    if (size > MAX_BODY_BYTES) break
  }
  // A decoder that takes off the byte order mark, which is no JSON.
  return { text: new TextDecoder().decode(Buffer.concat(chunks)), isCut: size > MAX_BODY_BYTES }
}

/** A header's values, whether it came once or twice. */
export function headerValues(reply: Pick<Reply, 'headers'>, name: string): string[] {
  const value = reply.headers[name]
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}
