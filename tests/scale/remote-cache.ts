import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'

export interface RemoteCache extends AsyncDisposable {
  /** The variables with which turbo uses it. */
  readonly env: Readonly<Record<string, string>>
  /** The number of its artifacts. */
  readonly size: () => number
}

/** A cache in memory that several machines share: the minimum of turbo's remote cache API. */
export async function startRemoteCache(): Promise<RemoteCache> {
  const artifacts = new Map<string, Buffer>()
  const server = createServer(async (request, response) => {
    const { method, url = '' } = request
    const body = await buffer(request)
    const [path = ''] = url.split('?')
    if (path === '/v8/artifacts/status') return void response.end('{"status":"enabled"}')
    if (method === 'PUT') {
      artifacts.set(path, body)
      return void response.writeHead(202).end('{"urls":[]}')
    }
    if (method === 'POST') return void response.end('{}')
    const artifact = artifacts.get(path)
    response.writeHead(artifact ? 200 : 404).end(method === 'HEAD' ? undefined : artifact)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    env: { TURBO_API: `http://127.0.0.1:${port}`, TURBO_TOKEN: 'a-token', TURBO_TEAM: 'a-team' },
    size: () => artifacts.size,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
