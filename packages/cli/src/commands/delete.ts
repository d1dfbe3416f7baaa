import type { Context, Done } from '../context.ts'
import { inAccount, withGateway } from '../service.ts'
import { canAsk, confirm } from '../terminal/ask.ts'
import { UsageError } from '../terminal/usage-error.ts'

export async function remove(given: Context, full: string, yes: boolean): Promise<Done> {
  const { context, id } = inAccount(given, full)
  if (!yes && !canAsk(context)) {
    throw new UsageError('Cannot ask for confirmation here.', 'Pass --yes to delete without a question.')
  }
  return withGateway(context, async (gateway) => {
    // Do not ask about an evaluator that does not exist.
    const { name = id } = await gateway.getEvaluator(id)
    if (!yes && !(await confirm(context, `Delete ${name} with all its versions?`))) {
      return { result: { name }, text: () => `Not deleted: ${name} is as it was.`, failed: true }
    }
    await gateway.deleteEvaluator(id)
    return { result: { name }, text: () => `Deleted ${name}` }
  })
}
