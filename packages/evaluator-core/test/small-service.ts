import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

/** A request that was read to its end, and what it is answered with. */
export interface Asked {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: string
  /** `GET /path`, without the query. */
  readonly what: string
  /** Of this server. */
  readonly origin: string
  json(status: number, value: unknown): void
}

/** A server that answers as it is told; for what the emulator would never say. Gone with the test. */
export async function serve(answer: (asked: Asked) => void): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => {})
    for await (const chunk of request) chunks.push(chunk)
    const what = `${request.method} ${request.url?.split('?')[0]}`
    const json = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    answer({ request, response, body: Buffer.concat(chunks).toString('latin1'), what, origin, json })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return origin
}

/** A whole service of one evaluator, `my-evaluator`, in which `over` answers first where it wants to (`true`). */
export async function serveEvaluator(
  over: (asked: Asked) => boolean | undefined,
  query = 'X-Amz-Signature=MARKERSIGNATURE',
): Promise<string> {
  let evaluator: Record<string, unknown> | undefined
  const urls = (origin: string) => ({
    filenameToSignedUrls: { 'my-evaluator.tar.gz': `${origin}/store?${query}` },
  })
  return serve((asked) => {
    if (over(asked)) return
    const { what, json, origin, response } = asked
    if (what.endsWith('/evaluatorsV2')) {
      evaluator = { name: 'accounts/acme/evaluators/my-evaluator', state: 'BUILDING' }
      json(200, evaluator)
    } else if (what.endsWith(':getUploadEndpoint')) json(200, urls(origin))
    else if (what.endsWith(':getSourceCodeSignedUrl'))
      json(evaluator ? 200 : 400, evaluator ? urls(origin) : { code: 9 })
    else if (what.endsWith(':validateUpload')) {
      evaluator = { ...evaluator, state: 'ACTIVE' }
      json(200, {})
    } else if (what === 'PUT /store') response.end()
    else if (what === 'GET /store') response.writeHead(404).end()
    else json(evaluator ? 200 : 404, evaluator ?? { code: 5 })
  })
}
