import type { UploadOptions } from '@fw/evaluator-core'

type Dispatcher = NonNullable<UploadOptions['dispatcher']>

/** Connections to one origin, at most; more evaluators than that share them. */
const CONNECTIONS_PER_ORIGIN = 16
const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']

/** One pool for many uploads. The caller destroys it. */
export async function openPool(): Promise<Dispatcher> {
  // By its file, as core does: Bun has a stand-in for the bare name.
  const { Agent, EnvHttpProxyAgent } = await import('undici/index.js')
  const options = { connections: CONNECTIONS_PER_ORIGIN, connect: { timeout: 10_000 } }
  const usesProxy = PROXY_VARIABLES.some((name) => process.env[name])
  return usesProxy ? new EnvHttpProxyAgent(options) : new Agent(options)
}

/** Works on all items, `limit` at a time, and waits for all of them. `work` must not reject. */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values()
  const worker = async (): Promise<void> => {
    // All workers take from the one iterator.
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
}
