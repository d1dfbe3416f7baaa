import type { Evaluator, ListOptions } from '@fw/evaluator-core'
import type { Context, Done } from '../context.ts'
import { withGateway } from '../service.ts'
import { printable } from '../terminal/format.ts'
import { paintState } from '../terminal/out.ts'
import { table } from '../terminal/table.ts'

export async function list(
  context: Context,
  { filter, orderBy }: Pick<ListOptions, 'filter' | 'orderBy'>,
): Promise<Done> {
  const evaluators = await withGateway(context, async (gateway) => {
    const found: Evaluator[] = []
    for await (const evaluator of gateway.listEvaluators({ filter, orderBy })) found.push(evaluator)
    return found
  })
  return { result: { evaluators }, text: () => describe(evaluators, context) }
}

const LAYOUT = [
  { title: 'id', shrinks: true },
  { title: 'state' },
  { title: 'display name', shrinks: true },
  { title: 'updated' },
]

function describe(evaluators: readonly Evaluator[], { out, err }: Context): string {
  if (evaluators.length === 0) {
    err.line('The account has no such evaluator.')
    return ''
  }
  const rows = evaluators.map(({ name = '', state = '', displayName = '', updateTime = '' }) =>
    [name.replace(/^.*\//, ''), paintState(out, state), displayName, updateTime.slice(0, 16)].map(
      (text, index) => (index === 1 ? text : printable(text)),
    ),
  )
  return table(LAYOUT, rows, out.columns(), (text) => out.style('dim', text)).join('\n')
}
