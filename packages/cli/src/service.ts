import { createGateway, type Gateway, type UploadOptions } from '@fw/evaluator-core'
import type { Context } from './context.ts'

/** Connections end with the work: an open one would keep the process alive. */
export async function withGateway<T>(context: Context, work: (gateway: Gateway) => Promise<T>): Promise<T> {
  const gateway = createGateway(context.gateway)
  try {
    return await work(gateway)
  } finally {
    await gateway.close()
  }
}

/** The account and the id in `my-evaluator` or `accounts/<account>/evaluators/my-evaluator`. */
export function inAccount(context: Context, name: string): { context: Context; id: string } {
  const [, accountId, id] = /^accounts\/([^/]+)\/evaluators\/([^/]+)$/.exec(name) ?? []
  if (accountId === undefined || id === undefined) return { context, id: name }
  return { context: { ...context, gateway: { ...context.gateway, accountId } }, id }
}

type Dispatcher = NonNullable<UploadOptions['dispatcher']>

/** Connections to one origin, at most; more evaluators than that share them. */
const CONNECTIONS_PER_ORIGIN = 16
const CONNECT_MS = 10_000
const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']

/** One pool for many requests. The caller destroys it. */
export async function openPool(connectMs: number = CONNECT_MS): Promise<Dispatcher> {
  // By its file, as core does: Bun has a stand-in for the bare name.
  const { Agent, EnvHttpProxyAgent } = await import('undici/index.js')
  const options = { connections: CONNECTIONS_PER_ORIGIN, connect: { timeout: connectMs } }
  const usesProxy = PROXY_VARIABLES.some((name) => process.env[name])
  return usesProxy ? new EnvHttpProxyAgent(options) : new Agent(options)
}

/** A pool for all uploads that have the same limit for connecting. */
export interface Pools {
  get(connectMs: number | undefined): Promise<Dispatcher>
  destroy(): Promise<void>
}

export function createPools(): Pools {
  const pools = new Map<number, Promise<Dispatcher>>()
  return {
    get(connectMs = CONNECT_MS) {
      const pool = pools.get(connectMs) ?? openPool(connectMs)
      pools.set(connectMs, pool)
      return pool
    },
    async destroy() {
      await Promise.all(Array.from(pools.values(), async (pool) => (await pool).destroy()))
    },
  }
}
