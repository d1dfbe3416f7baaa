import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { runServer } from 'verdaccio'
import { runGood } from './exec.ts'
import { npm } from './package-managers.ts'
import { type Hidden, hidden } from './recorded.ts'

const PROBE_TIMEOUT_MS = 15_000

export interface Registry {
  /** Ends in a slash. */
  readonly url: string
  /** Lines of an .npmrc for this registry only, with a token, because clients need one to publish. */
  readonly npmrc: string
  /** The reason if nothing can be installed, because the registry of this machine does not answer; else undefined. */
  readonly silence: string | undefined
  /** Refuses this package from now on, like a registry that fails in the middle; undefined ends that. */
  refuse(name: string | undefined): void
  /** Waits for an install. @throws with the names of the packages that the registry did not have, if it fails */
  installed<T>(install: Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface RegistryOptions {
  /** What it hides; null for nothing. Default: registry.json. */
  readonly hide?: Hidden | null
  /** The registry behind it. Default: that of this machine. */
  readonly upstream?: string
}

/**
 * A Verdaccio on loopback. It keeps what is published to it, and takes everything else from the registry of this
 * machine, but no version newer than the date in registry.json. So a commit installs the same on every day, except
 * versions that were unpublished or deprecated since.
 */
export async function startRegistry(folder: string, options: RegistryOptions = {}): Promise<Registry> {
  const { hide = hidden() } = options
  await mkdir(folder, { recursive: true })
  const upstream = options.upstream ?? (await runGood([...npm, 'config', 'get', 'registry'], folder)).trim()
  const verdaccio = await runServer({
    self_path: folder,
    storage: join(folder, 'storage'),
    configPath: join(folder, 'config.yaml'),
    uplinks: { upstream: { url: upstream, maxage: '10m', timeout: '60s', max_fails: 100 } },
    packages: {
      '@fw/*': { access: '$all', publish: '$all' },
      '**': { access: '$all', publish: '$all', proxy: 'upstream' },
    },
    filters: hide
      ? {
          '@verdaccio/package-filter': {
            dateThreshold: hide.before,
            block: hide.held,
            allow: [{ scope: '@fw' }],
          },
        }
      : {},
    web: { enable: false },
    log: { type: 'stdout', format: 'pretty', level: 'fatal' },
    max_body_size: '20mb',
  })
  let refused: string | undefined
  const notGiven = new Map<string, number>()
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    if (refused && request.method === 'PUT' && path === `/${refused}`) {
      request.resume()
      response.writeHead(403, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: 'the registry broke down' }))
      return
    }
    // Changesets asks for our packages before it publishes them, to find out what to publish.
    const name = /^\/((?:@(?!fw\/)[^/]+\/)?[^/@-][^/?]*)/.exec(path)?.[1]
    response.once('finish', () => {
      if (name && request.method === 'GET' && response.statusCode >= 400)
        notGiven.set(name, response.statusCode)
    })
    verdaccio.emit('request', request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the registry has no port')
  const { port } = address
  const url = `http://127.0.0.1:${port}/`
  return {
    url,
    npmrc: `registry=${url}\n//127.0.0.1:${port}/:_authToken=loopback\n`,
    silence: await silenceOf(upstream),
    refuse: (name) => {
      refused = name
    },
    installed: (install) =>
      install.catch((cause: unknown) => {
        if (notGiven.size === 0) throw cause
        const names = [...notGiven].map(([name, status]) => `${name} (${status})`).join(', ')
        throw new Error(`no install: the registry did not give ${names}`, { cause })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The reason if a registry does not answer a request for one small package; else undefined. */
async function silenceOf(upstream: string): Promise<string | undefined> {
  // Only the host of its address, which may contain a password.
  const { host } = new URL(upstream)
  try {
    const { status } = await fetch(new URL('picomatch', upstream), {
      headers: { accept: 'application/vnd.npm.install-v1+json' },
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    })
    return status < 500 ? undefined : `the registry ${host} answered ${status} for picomatch`
  } catch (error) {
    const reason = error instanceof Error ? (error.cause ?? error) : error
    return `the registry ${host} did not answer for picomatch: ${reason}`
  }
}
