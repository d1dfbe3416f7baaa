import { createServer } from 'node:http'
import { join } from 'node:path'
import { runServer } from 'verdaccio'
import { runGood } from './exec.ts'
import { npm } from './package-managers.ts'

export interface Registry {
  /** Ends in a slash. */
  readonly url: string
  /** Lines of an .npmrc that make it the only registry; with a token, because clients demand one to publish. */
  readonly npmrc: string
  /** From now on refuses to take this package, as a registry does that breaks down in the middle; undefined mends it. */
  refuse(name: string | undefined): void
  close(): Promise<void>
}

/** A Verdaccio on loopback: keeps what we publish, and has all else from the registry that this machine uses. */
export async function startRegistry(folder: string): Promise<Registry> {
  const upstream = (await runGood([...npm, 'config', 'get', 'registry'], folder)).trim()
  const verdaccio = await runServer({
    self_path: folder,
    storage: join(folder, 'storage'),
    configPath: join(folder, 'config.yaml'),
    uplinks: { upstream: { url: upstream, maxage: '10m', timeout: '60s', max_fails: 100 } },
    packages: {
      '@fw/*': { access: '$all', publish: '$all' },
      '**': { access: '$all', proxy: 'upstream' },
    },
    web: { enable: false },
    log: { type: 'stdout', format: 'pretty', level: 'fatal' },
    max_body_size: '20mb',
  })
  let refused: string | undefined
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    if (!refused || request.method !== 'PUT' || path !== `/${refused}`)
      return void verdaccio.emit('request', request, response)
    request.resume()
    response.writeHead(403, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: 'the registry broke down' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the registry has no port')
  const { port } = address
  const url = `http://127.0.0.1:${port}/`
  return {
    url,
    npmrc: `registry=${url}\n//127.0.0.1:${port}/:_authToken=loopback\n`,
    refuse: (name) => {
      refused = name
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
