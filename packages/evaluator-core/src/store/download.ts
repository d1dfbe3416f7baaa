import type { Dispatcher } from 'undici'
import { resolveConfig } from '../config/config.ts'
import { abortError, type Deadline, deadline } from '../deadline.ts'
import { decode, ENCODINGS } from '../http/decode.ts'
import { attemptFailure, type Reply, send } from '../http/exchange.ts'
import { networkFailure } from '../http/failure.ts'
import { type Attempt, failureError, retry } from '../http/retry.ts'
import type { GatewayOptions } from '../options.ts'
import { storedMd5 } from './digest.ts'
import { storeFailure } from './failure.ts'
import { parseSignedUrl } from './signed-url.ts'

/** Options of {@link openDownload}. */
export interface DownloadOptions
  extends Pick<GatewayOptions, 'signal' | 'retry' | 'timeouts' | 'dispatcher'> {
  /**
   * The service that returned the URL. A service on this machine may use a store on this machine, over http.
   * @default like {@link GatewayOptions.baseUrl}; if that is not set either, a store on this machine is trusted
   */
  baseUrl?: string | undefined
  /** The purpose, for errors: "Could not …". @default 'download from the store' */
  what?: string | undefined
  /** The first byte to read. After the end of the object, the body is empty. @default 0 */
  from?: number | undefined
  /** Decodes a Content-Encoding, for texts. An archive needs its stored bytes. @default false */
  decode?: boolean | undefined
}

/** An answer whose body was not read yet. */
export interface Download {
  /** Bytes of the body, if the store reports it. */
  readonly size?: number
  /** Hex, of the whole object, if the store reports it. */
  readonly md5?: string
  /** Can be read once. Throws FW_NETWORK or FW_TIMEOUT if it breaks off; then start again. */
  readonly body: AsyncIterable<Uint8Array>
  /** Ends the connection. Call it always, also if you have read the body. */
  close(): Promise<void>
}

const MAX_ERROR_BYTES = 64 * 1024

/** Documented for users in api.ts. */
export async function openDownload(signedUrl: string, options: DownloadOptions = {}): Promise<Download> {
  const { what = 'download from the store', from = 0, decode = false, dispatcher: own, ...rest } = options
  const config = await resolveConfig({ retry: rest.retry, timeouts: rest.timeouts, baseUrl: rest.baseUrl })
  // Without a service, the URL may come from any, also from one on this machine.
  const service = config.origins.baseUrl === 'default' ? 'http://localhost' : config.baseUrl
  const url = parseSignedUrl(signedUrl, what, service)
  const signal = options.signal ?? new AbortController().signal
  const { connectMs, attemptMs } = config.timeouts
  // Loaded here: it brings node:tls, which the end of a log of a running upload has already.
  const { openConnections } = await import('../http/connections.ts')
  const { dispatcher: opened, close } = openConnections({ connectMs, own })
  try {
    const dispatcher = await opened()
    const range = from > 0 ? `bytes=${from}-` : undefined
    const answer = await retry(() => ask(dispatcher, { url, range, attemptMs, signal, decode }), {
      what,
      policy: config.retry,
      signal,
    })
    const { reply, idle, end } = answer
    const md5 = storedMd5(reply)
    const skip = reply.status === 200 ? from : 0
    const size = reply.headers['content-encoding'] && decode ? undefined : sizeOf(reply, skip)
    return {
      ...(size !== undefined && { size }),
      ...(md5 !== undefined && { md5 }),
      body: reply.status === 416 ? nothing() : pieces(answer, { what, skip, signal, host: url.host }),
      async close() {
        idle.clear()
        end()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The last `bytes` of a text, from a store that knows Range and from one that sends all. Where it breaks off, or the
 * signal is aborted, what has come by then.
 * @throws EvaluatorUploadError FW_SIGNED_URL where the URL may not be used
 */
export async function readTail(
  signedUrl: string,
  bytes: number,
  how: { dispatcher: Dispatcher; signal: AbortSignal; attemptMs: number; baseUrl: string },
): Promise<string> {
  const { dispatcher, signal, attemptMs, baseUrl } = how
  const what = 'read the end of a text'
  const url = parseSignedUrl(signedUrl, what, baseUrl)
  const kept: Uint8Array[] = []
  let size = 0
  try {
    const asked = await ask(dispatcher, { url, range: `bytes=-${bytes}`, attemptMs, signal, decode: true })
    if (!('value' in asked) || asked.value.reply.status === 416) return ''
    for await (const piece of pieces(asked.value, { what, skip: 0, signal, host: url.host })) {
      kept.push(piece)
      size += piece.length
      while (size - (kept[0]?.length ?? 0) >= bytes) size -= kept.shift()?.length ?? 0
    }
  } catch {
    // A part is better than nothing.
  }
  return new TextDecoder().decode(Buffer.concat(kept).subarray(-bytes))
}

/** Bytes still to come, where the store tells. */
export function sizeOf({ status, headers }: Reply, skip: number): number | undefined {
  if (status === 416) return 0
  const length = headers['content-length']
  return typeof length === 'string' ? Math.max(0, Number(length) - skip) : undefined
}

interface Asked {
  url: URL
  range: string | undefined
  attemptMs: number
  signal: AbortSignal
  decode: boolean
}

/** A successful answer of the store, with an unread body. */
export interface Answer {
  reply: Reply
  body: AsyncIterable<Uint8Array>
  idle: Deadline
  /** Ends the connection, if the body was not read to its end. */
  end(): void
}

/** One attempt, up to the head of the answer. */
export async function ask(
  dispatcher: Dispatcher,
  { url, range, attemptMs, signal, decode: isDecoded }: Asked,
): Promise<Attempt<Answer>> {
  const { host, href } = url
  const idle = deadline(attemptMs, `${host} was silent for ${attemptMs} ms.`, '', signal)
  try {
    const headers = {
      ...(range !== undefined && { range }),
      // A part of compressed data cannot be decoded, and an archive must not be.
      ...(isDecoded && range === undefined && { 'accept-encoding': ENCODINGS }),
    }
    const answer = await send(dispatcher, href, { method: 'GET', headers, signal: idle.signal })
    const { statusCode, body } = answer
    const reply = { status: statusCode, headers: answer.headers, text: '' }
    if (statusCode === 200 || statusCode === 206 || (statusCode === 416 && range !== undefined)) {
      const end = () => void body.on('error', () => {}).destroy()
      return { value: { reply, body: isDecoded ? decode(answer) : body, idle, end } }
    }
    const failed = await storeFailure({ ...reply, text: await beginning(body) }, url)
    idle.clear()
    return { failed }
  } catch (error) {
    idle.clear()
    return { failed: attemptFailure(error, { host, signal, idle: idle.signal, idleMs: attemptMs }) }
  }
}

interface Reading {
  what: string
  /** Bytes to skip at the start, because a store may ignore Range. */
  skip: number
  signal: AbortSignal
  host: string
}

/**
 * The wanted part of an answer's body.
 * @throws EvaluatorUploadError FW_NETWORK or FW_TIMEOUT if it breaks off, FW_ABORTED
 */
export async function* pieces({ body, idle }: Answer, reading: Reading): AsyncGenerator<Uint8Array> {
  const { what, signal, host } = reading
  let skip = reading.skip
  try {
    for await (const piece of body) {
      idle.extend()
      const wanted: Uint8Array = piece.subarray(Math.min(skip, piece.length))
      skip -= piece.length - wanted.length
      if (wanted.length > 0) yield wanted
    }
  } catch (error) {
    if (signal.aborted || idle.signal.aborted) throw abortError(idle.signal)
    throw failureError(what, { ...networkFailure(error, host), reason: `${host} broke off in the middle` }, 1)
  } finally {
    idle.clear()
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Leaving the loop early closes the socket. */
async function beginning(body: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    read.push(piece)
    size += piece.length
    if (size > MAX_ERROR_BYTES) break
  }
  return new TextDecoder().decode(Buffer.concat(read))
}
