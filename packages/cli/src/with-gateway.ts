import { createGateway, type Gateway } from '@fw/evaluator-core'
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
