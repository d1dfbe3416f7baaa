import type { Evaluator } from '@fw/evaluator-core'
import { readLogEnd } from '../archive/build-log.ts'
import type { Context, Done } from '../context.ts'
import { findEvaluator } from '../options/project-file.ts'
import { inAccount, withGateway } from '../service.ts'
import { formatAgo } from '../terminal/format.ts'
import { type Out, paintState } from '../terminal/out.ts'
import { wrap } from '../terminal/width.ts'

export async function status(given: Context, name: string | undefined): Promise<Done> {
  const { context, id } = inAccount(given, (await findEvaluator(name, given)).name)
  return withGateway(context, async (gateway) => {
    const evaluator = await gateway.getEvaluator(id)
    const hasFailed = evaluator.state === 'BUILD_FAILED'
    const logEnd = hasFailed ? await readLogEnd(gateway, id, context) : undefined
    return {
      result: { evaluator, ...(logEnd !== undefined && { logEnd }) },
      text: () => describe(id, evaluator, { out: context.out, logEnd }),
    }
  })
}

interface Shown {
  out: Out
  /** The last lines of the log of a failed build. */
  logEnd: string | undefined
}

function describe(id: string, evaluator: Evaluator, { out, logEnd }: Shown): string {
  const { source, status, createTime, updateTime } = evaluator
  const fields: [string, string | undefined][] = [
    ['name', evaluator.name],
    ['state', evaluator.state],
    ['build', [status?.code, status?.message].filter(Boolean).join(': ')],
    ['display name', evaluator.displayName],
    ['description', evaluator.description],
    ['entry point', evaluator.entryPoint],
    ['commit', evaluator.commitHash],
    ['repository', source?.githubRepositoryName],
    ['created', createTime && `${formatAgo(createTime)} (${createTime})`],
    ['updated', updateTime && `${formatAgo(updateTime)} (${updateTime})`],
    ['log ends', logEnd],
  ]
  const lines = fields
    .filter(([, value]) => value)
    .map(([label, value = '']) => {
      const paint = label === 'state' ? (text: string) => paintState(out, text) : undefined
      return wrap(out.style('dim', label.padEnd(14)), value, out.columns(), paint)
    })
  const more = FOLLOW_UPS[evaluator.state ?? '']
  if (more) lines.push(`${more} fw-evaluator logs ${id}${evaluator.state === 'BUILDING' ? ' --follow' : ''}`)
  return lines.join('\n')
}

const FOLLOW_UPS: Readonly<Record<string, string>> = {
  BUILDING: 'Follow the build:',
  BUILD_FAILED: 'The whole log:',
}
