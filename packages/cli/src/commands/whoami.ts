import { describeConfig } from '@fw/evaluator-core'
import type { Context, Done } from '../context.ts'
import { withGateway } from '../service.ts'
import { wrap } from '../terminal/width.ts'

/** Whom the service takes the key for, and where the settings come from; never the key. */
export async function whoami(context: Context): Promise<Done> {
  const { accountId: given, baseUrl: service } = context.gateway
  const { baseUrl, origins } = await describeConfig({ accountId: given, baseUrl: service })
  return withGateway(context, async (gateway) => {
    const keyAccountId = await gateway.verifyApiKey()
    const accountId = await gateway.account()
    const { out } = context
    return {
      result: { accountId, keyAccountId, baseUrl, apiKeyFrom: origins.apiKey },
      text() {
        const by = origins.accountId ? ` (from ${origins.accountId}; the key belongs to ${keyAccountId})` : ''
        const facts = { account: accountId + by, key: `from ${origins.apiKey}`, service: baseUrl }
        return Object.entries(facts)
          .map(([name, text]) => wrap(out.style('dim', name.padEnd(9)), text, out.columns()))
          .join('\n')
      },
    }
  })
}
