import type { Dispatcher } from 'undici'
import { isSafeOrigin, resolveConfig } from '../config/config.ts'
import { abortError, type Deadline, deadline } from '../deadline.ts'
import { EvaluatorUploadError } from '../errors.ts'
import { openConnections } from '../http/connections.ts'
import { attemptFailure, type Reply, USER_AGENT } from '../http/exchange.ts'
import { type Failure, networkFailure } from '../http/failure.ts'
import { failureError, retry } from '../http/retry.ts'
import { loadUndici } from '../http/undici.ts'
import type { GatewayOptions } from '../options.ts'
import { storedMd5 } from './digest.ts'
import { storeFailure } from './failure.ts'

/** What {@link openDownload} takes. */
export interface DownloadOptions
  extends Pick<GatewayOptions, 'signal' | 'retry' | 'timeouts' | 'dispatcher'> {
  /** What is fetched, as in "Could not …". @default 'download from the store' */
  what?: string | undefined
  /** The first byte that is wanted; beyond the end of the object nothing comes. @default 0 */
  from?: number | undefined
}

/** An answer whose body is still to come. */
export interface Download {
  /** Bytes still to come, where the store tells. */
  readonly size?: number
  /** Hex, of the whole object, where the store tells. */
  readonly md5?: string
  /** Can be read once. Throws FW_NETWORK or FW_TIMEOUT where it breaks off: then start again. */
  readonly body: AsyncIterable<Uint8Array>
  /** Ends the connection; to be called whether or not the body was read. */
  close(): Promise<void>
}

const MAX_ERROR_BYTES = 64 * 1024

/** Documented for users in api.ts. */
export async function openDownload(url: string, options: DownloadOptions = {}): Promise<Download> {
  const { what = 'download from the store', from = 0, dispatcher: own } = options
  if (!URL.canParse(url) || !isSafeOrigin(new URL(url))) {
    throw new EvaluatorUploadError('FW_SIGNED_URL', `Could not ${what}: the URL is not https.`)
  }
  const config = await resolveConfig({ retry: options.retry, timeouts: options.timeouts })
  const signal = options.signal ?? new AbortController().signal
  const { dispatcher: opened, close } = openConnections(config, own)
  const { attemptMs } = config.timeouts
  try {
    const dispatcher = await opened()
    const answer = await retry(() => ask(dispatcher, { url, from, attemptMs, signal }), {
      what,
      policy: config.retry,
      signal,
    })
    const { reply, body, idle } = answer
    const md5 = storedMd5(reply)
    const skip = reply.status === 200 ? from : 0
    const size = sizeOf(reply, skip)
    return {
      ...(size !== undefined && { size }),
      ...(md5 !== undefined && { md5 }),
      body:
        reply.status === 416 ? nothing() : pieces(answer, { what, skip, signal, host: new URL(url).host }),
      async close() {
        idle.clear()
        body.on('error', () => {}).destroy()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

function sizeOf({ status, headers }: Reply, skip: number): number | undefined {
  if (status === 416) return 0
  const length = headers['content-length']
  return typeof length === 'string' ? Math.max(0, Number(length) - skip) : undefined
}

interface Asked {
  url: string
  from: number
  attemptMs: number
  signal: AbortSignal
}

interface Answer {
  reply: Reply
  body: Dispatcher.ResponseData['body']
  idle: Deadline
}

async function ask(
  dispatcher: Dispatcher,
  { url, from, attemptMs, signal }: Asked,
): Promise<{ value: Answer } | { failed: Failure }> {
  const { request } = await loadUndici()
  const { host } = new URL(url)
  const idle = deadline(attemptMs, `${host} was silent for ${attemptMs} ms.`, '', signal)
  try {
    const { statusCode, headers, body } = await request(dispatcher, url, {
      method: 'GET',
      headers: { 'user-agent': USER_AGENT, ...(from > 0 && { range: `bytes=${from}-` }) },
      signal: idle.signal,
      // As in exchange.ts: our own clock runs instead.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    const reply = { status: statusCode, headers, text: '' }
    if (statusCode === 200 || statusCode === 206 || (statusCode === 416 && from > 0)) {
      return { value: { reply, body, idle } }
    }
    const failed = await storeFailure({ ...reply, text: await beginning(body) })
    idle.clear()
    return { failed }
  } catch (error) {
    idle.clear()
    return { failed: attemptFailure(error, { host, signal, idle: idle.signal, idleMs: attemptMs }) }
  }
}

interface Reading {
  what: string
  /** Bytes at the start that were not asked for: a store may ignore Range. */
  skip: number
  signal: AbortSignal
  host: string
}

async function* pieces({ body, idle }: Answer, reading: Reading): AsyncGenerator<Uint8Array> {
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
  return Buffer.concat(read).toString('utf8')
}
