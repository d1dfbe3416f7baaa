import type { Fault } from '@fw/evaluator-emulator'
import { startChild } from '../lib/calls.ts'
import type { Context } from '../lib/context.ts'
import type { Trips } from '../lib/far-away.ts'
import { startFarService } from '../lib/far-service.ts'
import { type Figure, figure, median, type SuiteResult } from '../lib/figure.ts'
import type { NodeVersion } from '../lib/nodes.ts'
import type { ManyDone, ManyMethods } from '../programs/many.ts'

const EVALUATORS = 200
const AT_ONCE = 16
const MAX_SECONDS = 6
const MAX_RSS_MB = 200
/** One call in ten of these is refused. */
const REFUSED = ['create', 'endpoint', 'validate'] as const

/** Two hundred evaluators from one process to a service that is 50 ms away, which at times says "too many". */
export async function manySuite(context: Context): Promise<SuiteResult> {
  const figures: Figure[] = []
  for (const node of context.nodes) {
    for (const isRefusing of [false, true]) {
      const subject = `${EVALUATORS} evaluators${isRefusing ? ', one call in ten is refused with 429' : ''}`
      context.log(`${subject}, ${node.label}`)
      const runs: (ManyDone & Trips)[] = []
      for (let run = 0; run < (context.quick ? 1 : 2); run++)
        runs.push(await uploadMany(context, node, isRefusing))
      const tell = (
        what: string,
        unit: Figure['unit'],
        of: (run: ManyDone & Trips) => number,
        goal?: number,
      ) => figures.push(figure(subject, `${what}: ${node.label}`, unit, runs.map(of), goal))
      tell('time', 's', ({ ms }) => ms / 1000, isRefusing ? undefined : MAX_SECONDS)
      tell('most connections to an origin', 'count', ({ mostOpen }) => Math.max(...mostOpen), AT_ONCE)
      tell('peak RSS', 'MB', ({ rssMb }) => rssMb, MAX_RSS_MB)
      // Fair: nobody is refused again and again while others pass.
      tell('slowest to median evaluator', 'ratio', ({ each }) => Math.max(...each) / median(each))
    }
  }
  return { figures, notes: [`${AT_ONCE} at a time, over one undici Agent.`] }
}

async function uploadMany(
  { dir }: Context,
  node: NodeVersion,
  isRefusing: boolean,
): Promise<ManyDone & Trips> {
  const far = await startFarService(dir)
  const client = startChild<ManyMethods>('many', { node: node.path, env: far.env })
  try {
    if (isRefusing) await far.service.call('addFaults', faults())
    await far.proxy.call('begin', undefined)
    const done = await client.call('uploadAll', {
      evaluators: EVALUATORS,
      atOnce: AT_ONCE,
      prefix: 'one-of-many',
    })
    const trips = await far.proxy.call('end', undefined)
    return { ...done, ...trips }
  } finally {
    await client.stop()
    await far.stop()
  }
}

function faults(): Fault[] {
  return REFUSED.flatMap((step) =>
    Array.from({ length: EVALUATORS / 10 }, (_, index) => ({
      step,
      after: index * 10,
      do: { kind: 'status', status: 429, headers: { 'retry-after': '1' } } as const,
    })),
  )
}
