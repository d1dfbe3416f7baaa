import type { FaultAction } from '../faults/faults.ts'
import { clock } from '../faults/script.ts'
import { type Answer, bytesBody, type Exchange, emptyBody, jsonBody } from './exchange.ts'

/** The part of an origin in a request. */
export interface Work {
  /** Handles the request without a fault. Called at most once. */
  handle(): Promise<Answer>
  /** The origin's own error answer for a status that a fault asks for. */
  errorAnswer(status: number): Answer
}

/**
 * Plays faults of the connection. Faults that change the work itself, such as `wrong-md5`, are played by the origin.
 */
export async function respond(
  exchange: Exchange,
  action: FaultAction | undefined,
  work: Work,
): Promise<void> {
  const { entry } = exchange
  const now = clock(action)
  entry.fault = action?.kind
  switch (action?.kind) {
    case 'reset':
      return exchange.reset()
    case 'hang':
      return
    case 'garbage':
      return exchange.sendRaw('SSH-2.0-this is not HTTP\r\n\u0000\u0001\u0002\r\n')
    case 'status': {
      await exchange.drain()
      const usual = work.errorAnswer(action.status)
      const body = action.body === undefined ? usual.body : bytesBody(action.body)
      return exchange.send(
        { status: action.status, headers: { ...usual.headers, ...action.headers }, body },
        { now },
      )
    }
    case 'html':
      await exchange.drain()
      return exchange.send(htmlPage(action.status ?? 502), { now })
    case 'redirect':
      await exchange.drain()
      return exchange.send(
        { status: action.status ?? 302, headers: { location: action.location }, body: emptyBody },
        { now },
      )
    case 'huge-json':
      await exchange.drain()
      return exchange.send(hugeJson(action.bytes ?? 5 * 1024 * 1024), { now })
    case 'reset-after':
      await work.handle()
      return exchange.reset()
    case 'half-body': {
      await exchange.send(...half(await work.handle(), now))
      return exchange.hangUp()
    }
    case 'stall':
      return exchange.send(...half(await work.handle(), now))
    case 'truncated-json': {
      const answer = await work.handle()
      return exchange.send({ ...answer, body: await firstHalf(answer) }, { now })
    }
    case 'slow': {
      await exchange.wait(action.delayMs ?? 0)
      return exchange.send(await work.handle(), { now, bytesPerSecond: action.bytesPerSecond })
    }
    default:
      return exchange.send(await work.handle(), { now })
  }
}

/** An answer of which half is sent. For an empty one, Content-Length announces more. */
function half(answer: Answer, now: Date): [Answer, { only: number; now: Date }] {
  const announced = answer.body.size > 0 ? answer : { ...answer, body: { ...answer.body, size: 1024 } }
  return [announced, { only: Math.floor(answer.body.size / 2), now }]
}

async function firstHalf({ body }: Answer): Promise<Answer['body']> {
  const chunks = await body.open().toArray()
  const bytes = Buffer.concat(chunks)
  return bytesBody(bytes.subarray(0, Math.floor(bytes.length / 2)))
}

function htmlPage(status: number): Answer {
  const page = `<!doctype html>\n<html><head><title>Proxy</title></head><body><h1>${status}</h1></body></html>\n`
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', server: 'proxy' },
    body: bytesBody(page),
  }
}

function hugeJson(bytes: number): Answer {
  const frame = JSON.stringify({ padding: '' }).length
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: jsonBody({ padding: 'x'.repeat(Math.max(0, bytes - frame)) }),
  }
}
