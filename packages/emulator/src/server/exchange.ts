import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Listener } from './listen.ts'
import type { OpenEntry, RequestLog } from './request-log.ts'

export type AnswerHeaders = Record<string, string | string[]>

/** An answer, before any fault changes it. */
export interface Answer {
  status: number
  headers: AnswerHeaders
  body: AnswerBody
}

/** `size` is the Content-Length, also for a HEAD, which sends no body. */
export interface AnswerBody {
  size: number
  open(): Readable
  /** The text for the log; missing for the bytes of a stored object. */
  text?: string
}

interface SendOptions {
  /** Send no more than this many bytes of the body. */
  only?: number
  bytesPerSecond?: number | undefined
  now: Date
}

/** One request, and the ways to answer it. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly entry: OpenEntry
  readonly url: URL
  /** The body, while it arrives. Counts its bytes. @param options.bytesPerSecond the highest speed */
  body(options?: { bytesPerSecond?: number | undefined }): AsyncGenerator<Buffer>
  /** Reads the rest of the body, and drops it. */
  drain(): Promise<void>
  send(answer: Answer, options: SendOptions): Promise<void>
  reset(): void
  /** Answers with bytes that are not HTTP, and closes the connection. */
  sendRaw(bytes: string): void
  hangUp(): void
  /** Waits. Rejects if the emulator is closed. */
  wait(ms: number): Promise<void>
}

export function createExchange(
  request: IncomingMessage,
  response: ServerResponse,
  known: { entry: OpenEntry; url: URL; log: RequestLog; listener: Listener; closed: AbortSignal },
): Exchange {
  const { entry, url, log, listener, closed } = known
  const wait = async (ms: number): Promise<void> => {
    if (ms > 0) await sleep(ms, undefined, { signal: closed })
  }
  async function* body({
    bytesPerSecond,
  }: {
    bytesPerSecond?: number | undefined
  } = {}): AsyncGenerator<Buffer> {
    for await (const chunk of request) {
      entry.bytesReceived += chunk.length
      yield chunk
      if (bytesPerSecond) await wait((chunk.length / bytesPerSecond) * 1000)
    }
  }
  return {
    request,
    entry,
    url,
    body,
    wait,
    async drain() {
      if (request.readableEnded || request.destroyed) return
      for await (const _ of body());
    },
    async send({ status, headers, body: answerBody }, { only, bytesPerSecond, now }) {
      const head = {
        date: now.toUTCString(),
        'x-request-id': entry.requestId,
        ...headers,
        'content-length': String(answerBody.size),
      }
      log.answered(entry, { status, headers: head, text: answerBody.text })
      response.sendDate = false
      response.writeHead(status, head)
      if (request.method === 'HEAD') return finish(response)
      // Send the head now: the body comes later, or never.
      if (only !== undefined || bytesPerSecond) response.flushHeaders()
      for await (const chunk of pieces(answerBody.open(), only, bytesPerSecond)) {
        if (bytesPerSecond) await wait((chunk.length / bytesPerSecond) * 1000)
        if (response.destroyed) return
        entry.bytesSent += chunk.length
        if (!response.write(chunk)) await drained(response)
      }
      if (only === undefined) await finish(response)
    },
    reset: () => listener.reset(request.socket),
    sendRaw(bytes) {
      request.socket.end(bytes)
    },
    hangUp() {
      request.socket.end()
    },
  }
}

/** The log gets at most this much of a body. */
const maxTextBytes = 64 * 1024

export function jsonBody(value: unknown): AnswerBody {
  return bytesBody(JSON.stringify(value))
}

export function bytesBody(content: string | Buffer): AnswerBody {
  const bytes = Buffer.from(content)
  return {
    size: bytes.length,
    open: () => Readable.from(bytes.length === 0 ? [] : [bytes]),
    text: bytes.toString('utf8', 0, maxTextBytes),
  }
}

export const emptyBody: AnswerBody = bytesBody('')

/** The first `only` bytes of the stream. If a speed is set: in pieces of at most a tenth of a second. */
async function* pieces(
  stream: Readable,
  only: number | undefined,
  bytesPerSecond: number | undefined,
): AsyncGenerator<Buffer> {
  let left = only ?? Number.POSITIVE_INFINITY
  const pieceBytes = bytesPerSecond ? Math.max(1, Math.ceil(bytesPerSecond / 10)) : Number.POSITIVE_INFINITY
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.length && left > 0; ) {
      const piece: Buffer = chunk.subarray(at, at + Math.min(pieceBytes, left))
      at += piece.length
      left -= piece.length
      yield piece
    }
    if (left <= 0) return
  }
}

/** Nothing is heard of a response whose client is gone: `end` never calls back, and close() would wait for ever. */
function finish(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve()
    response.once('close', () => resolve())
    response.end(() => resolve())
  })
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}
