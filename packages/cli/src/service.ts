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
const PROXY_VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']

/** One pool for many uploads. The caller destroys it. */
export async function openPool(): Promise<Dispatcher> {
  // By its file, as core does: Bun has a stand-in for the bare name.
  const { Agent, EnvHttpProxyAgent } = await import('undici/index.js')
  const options = { connections: CONNECTIONS_PER_ORIGIN, connect: { timeout: 10_000 } }
  const usesProxy = PROXY_VARIABLES.some((name) => process.env[name])
  return usesProxy ? new EnvHttpProxyAgent(options) : new Agent(options)
}
