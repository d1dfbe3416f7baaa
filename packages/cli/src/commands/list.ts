import type { Evaluator, ListOptions } from '@fw/evaluator-core'
import type { Context, Done } from '../context.ts'
import { withGateway } from '../service.ts'
import { formatAgo } from '../terminal/format.ts'
import { paintState } from '../terminal/out.ts'
import { table } from '../terminal/table.ts'

export async function list(
  context: Context,
  { filter, orderBy }: Pick<ListOptions, 'filter' | 'orderBy'>,
): Promise<Done> {
  return withGateway(context, async (gateway) => {
    const evaluators: Evaluator[] = []
    for await (const evaluator of gateway.listEvaluators({ filter, orderBy })) evaluators.push(evaluator)
    if (evaluators.length === 0) {
      const account = await gateway.account()
      const none = filter === undefined ? 'has no evaluators yet' : `has no evaluator that matches ${filter}`
      context.err.line(`Account ${account} ${none}.`)
    }
    return { result: { evaluators }, text: () => describe(evaluators, context) }
  })
}

function describe(evaluators: readonly Evaluator[], { out }: Context): string {
  if (evaluators.length === 0) return ''
  const layout = [
    { title: 'id', shrinks: true },
    { title: 'state', paint: (state: string) => paintState(out, state) },
    { title: 'display name', shrinks: true },
    { title: 'updated' },
  ]
  const rows = evaluators.map(({ name = '', state = '', displayName = '', updateTime = '' }) => [
    name.replace(/^.*\//, ''),
    state,
    displayName,
    formatAgo(updateTime),
  ])
  return table(layout, rows, out.columns(), (text) => out.style('dim', text)).join('\n')
}
