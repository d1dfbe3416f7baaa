import type { Evaluator } from '@fw/evaluator-core'
import type { Context, Done } from '../context.ts'
import { inAccount, withGateway } from '../service.ts'
import { printable } from '../terminal/format.ts'
import type { Out } from '../terminal/out.ts'
import { paintState } from '../terminal/out.ts'
import { wrap } from '../terminal/width.ts'

export async function status(given: Context, name: string): Promise<Done> {
  const { context, id } = inAccount(given, name)
  const evaluator = await withGateway(context, (gateway) => gateway.getEvaluator(id))
  return { result: { evaluator }, text: () => describe(evaluator, context.out) }
}

function describe(evaluator: Evaluator, out: Out): string {
  const { source, status } = evaluator
  const fields: [string, string | undefined][] = [
    ['name', evaluator.name],
    ['state', evaluator.state],
    ['build', [status?.code, status?.message].filter(Boolean).join(': ')],
    ['display name', evaluator.displayName],
    ['description', evaluator.description],
    ['entry point', evaluator.entryPoint],
    ['commit', evaluator.commitHash],
    ['repository', source?.githubRepositoryName],
    ['created', evaluator.createTime],
    ['updated', evaluator.updateTime],
  ]
  return fields
    .filter(([, value]) => value)
    .map(([label, value = '']) => {
      const text = printable(value)
      const paint = label === 'state' ? (text: string) => paintState(out, text) : undefined
      return wrap(out.style('dim', label.padEnd(14)), text, out.columns(), paint)
    })
    .join('\n')
}
