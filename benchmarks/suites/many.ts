import type { Fault } from '@fw/evaluator-emulator'
import { startChild } from '../lib/calls.ts'
import type { Context } from '../lib/context.ts'
import type { Trips } from '../lib/far-away.ts'
import { startFarService } from '../lib/far-service.ts'
import { type Figure, figure, median, type SuiteResult } from '../lib/figure.ts'
import type { NodeVersion } from '../lib/tools.ts'
import type { ManyDone, ManyMethods } from '../programs/many.ts'

const EVALUATORS = 200
const AT_ONCE = 16
const MAX_SECONDS = 4.5
const MAX_RSS_MB = 200
/** An evaluator that is never refused may not take longer than without any refusals, but for noise. */
const FAIR = 1.1
/** Over its three calls, each refused one time in ten, an evaluator meets more once in six thousand. */
const MAX_REFUSALS = 4
/** One call in ten of these is refused. */
const REFUSED = ['create', 'endpoint', 'validate'] as const

/** What an upload of all came to. */
interface Run extends ManyDone, Trips {
  /** Of the evaluator that was refused most often. */
  readonly refusals: number
}

/** Two hundred evaluators from one process to a service that is 50 ms away, which at times says "too many". */
export async function manySuite(context: Context): Promise<SuiteResult> {
  const figures: Figure[] = []
  const runs = async (node: NodeVersion, isRefusing: boolean): Promise<Run[]> => {
    const all: Run[] = []
    for (let run = 0; run < (context.quick ? 1 : 3); run++)
      all.push(await uploadMany(context, node, isRefusing))
    return all
  }
  for (const node of context.nodes) {
    const tell = (all: readonly Run[], subject: string) => {
      return (what: string, unit: Figure['unit'], of: (run: Run) => number, goal?: number) => {
        figures.push(figure(subject, `${what}: ${node.label}`, unit, all.map(of), goal))
      }
    }
    const subject = `${EVALUATORS} evaluators`
    context.log(`${subject}, ${node.label}`)
    const welcome = await runs(node, false)
    const plain = tell(welcome, subject)
    plain('time', 's', seconds, MAX_SECONDS)
    plain('most connections to an origin', 'count', mostOpen, AT_ONCE)
    plain('peak RSS', 'MB', rss, MAX_RSS_MB)

    context.log(`${subject}, some refused, ${node.label}`)
    const refusing = tell(await runs(node, true), `${subject}, one call in ten is refused with 429`)
    refusing('time', 's', seconds)
    refusing('most connections to an origin', 'count', mostOpen, AT_ONCE)
    refusing('peak RSS', 'MB', rss, MAX_RSS_MB)
    // Fair: whoever is not refused does not wait for those that are, and nobody is refused again and again.
    const usual = median(welcome.map(middle))
    refusing('median evaluator to that without 429', 'ratio', (run) => middle(run) / usual, FAIR)
    refusing('refusals of the one that had most', 'count', ({ refusals }) => refusals, MAX_REFUSALS)
  }
  return { figures, notes: [`${AT_ONCE} at a time, over one undici Agent.`] }
}

const seconds = ({ ms }: Run): number => ms / 1000
const mostOpen = (run: Run): number => Math.max(...run.mostOpen)
const rss = ({ rssMb }: Run): number => rssMb
const middle = ({ each }: Run): number => median(each)

async function uploadMany({ dir }: Context, node: NodeVersion, isRefusing: boolean): Promise<Run> {
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
    const refusals = await far.service.call('mostRefusals', undefined)
    return { ...done, ...trips, refusals }
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
