import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type Answer, bytesBody, createExchange, type Exchange, emptyBody } from './exchange.ts'
import { listen } from './listen.ts'
import { createRequestLog } from './request-log.ts'

const closed = new AbortController().signal

/** Sends `answer` when the client of a request is gone. */
async function sendToNobody(answer: Answer): Promise<void> {
  const listener = await listen(0, undefined)
  onTestFinished(listener.close)
  const log = createRequestLog('key', { begun: () => {}, over: () => {} })
  const client = connect(Number(new URL(listener.url).port), '127.0.0.1').on('error', () => {})
  const exchange = await new Promise<Exchange>((resolve) => {
    listener.serve(async (request, response) => {
      const url = new URL('http://localhost/')
      const known = { url, requestId: 'id', step: undefined, evaluatorId: undefined }
      const entry = log.begin('store', request, known)
      const made = createExchange(request, response, { entry, url, log, listener, closed })
      client.resetAndDestroy()
      await once(response, 'close')
      resolve(made)
    })
    client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  })
  await exchange.send(answer, { now: new Date() })
}

test.each([
  ['an empty answer', emptyBody],
  ['an answer', bytesBody('text')],
  ['an answer that fills all buffers', bytesBody(Buffer.alloc(8_000_000))],
])('%s to a client that is gone has an end, or close() would wait for ever', async (_, body) => {
  await expect(sendToNobody({ status: 200, headers: {}, body })).resolves.toBeUndefined()
})
