import { describeConfig } from '@fw/evaluator-core'
import type { Context, Done } from '../context.ts'
import { withGateway } from '../service.ts'
import { formatOrigin } from '../terminal/format.ts'
import { wrap } from '../terminal/width.ts'

/** Shows the account of the key, and where the settings come from. Never shows the key. */
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
        const from = origins.accountId
          ? ` (${formatOrigin(origins.accountId)}; the key belongs to ${keyAccountId})`
          : ''
        const facts = { account: accountId + from, key: formatOrigin(origins.apiKey), service: baseUrl }
        return Object.entries(facts)
          .map(([name, text]) => wrap(out.style('dim', name.padEnd(9)), text, out.columns()))
          .join('\n')
      },
    }
  })
}
