import { createGateway, type Gateway, openPool, type Pool } from '@fw/evaluator-core'
import type { Context } from './context.ts'

/** Closes the connections at the end: an open one would keep the process alive. */
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

type Dispatcher = Pool['dispatcher']

/** One pool for all uploads with the same connect timeout. */
export interface Pools {
  get(connectMs: number | undefined): Promise<Dispatcher>
  close(): Promise<void>
}

export function createPools(): Pools {
  const pools = new Map<number | undefined, Promise<Pool>>()
  return {
    async get(connectMs) {
      const pool = pools.get(connectMs) ?? openPool({ connectMs })
      pools.set(connectMs, pool)
      return (await pool).dispatcher
    },
    async close() {
      await Promise.allSettled(Array.from(pools.values(), async (pool) => (await pool).close()))
    },
  }
}
