import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Context } from '../lib/context.ts'
import type { Trips } from '../lib/far-away.ts'
import { type FarService, ROUND_TRIP_MS, startFarService } from '../lib/far-service.ts'
import { type Figure, figure, median, type SuiteResult } from '../lib/figure.ts'
import { countCharts } from '../lib/plots.ts'
import { rounds } from '../lib/rounds.ts'

const PROCESSES = [1, 2, 4, 8]
const BIN = fileURLToPath(new URL('../../packages/cli/dist/cli.js', import.meta.url))

/** All processes side by side, from the first start to the last end. */
interface Pass extends Trips {
  readonly seconds: number
  readonly requests: number
  readonly evaluators: number
}

interface Run {
  readonly first: Pass
  readonly again: Pass
}

/** What of a pass is told; `PROCESSES` are compared in it. */
const MEASURES: readonly { what: string; unit: Figure['unit']; of(pass: Pass): number }[] = [
  { what: 'seconds', unit: 's', of: ({ seconds }) => seconds },
  {
    what: 'requests per evaluator',
    unit: 'count',
    of: ({ requests, evaluators }) => requests / evaluators,
  },
  { what: 'connections opened', unit: 'count', of: ({ opened }) => sum(opened) },
]
const PASSES = { 'first upload': 'first', 'again, unchanged': 'again' } as const

/** Two hundred evaluators (quick: forty) in shards, over one process or several, to a service that is 50 ms away. */
export async function shardsSuite(context: Context): Promise<SuiteResult> {
  const [node] = context.nodes
  if (!node) throw new Error('There is no Node to run')
  const evaluators = context.quick ? 40 : 200
  const list = Array.from({ length: evaluators }, (_, index) => ({
    evaluatorId: `one-of-many-${index}`,
    source: { files: filesOf(index) },
  }))
  const variants = PROCESSES.map(
    (processes) => [processName(processes), () => upload(context, node.path, list, processes)] as const,
  )
  const runs = await rounds<Run>(context.quick ? 1 : 3, Object.fromEntries(variants))
  const samples = (processes: number, pass: keyof Run, of: (pass: Pass) => number): number[] =>
    (runs[processName(processes)] ?? []).map((run) => of(run[pass]))
  const figures = PROCESSES.flatMap((processes) =>
    Object.entries(PASSES).flatMap(([subject, pass]) =>
      MEASURES.map(({ what, unit, of }) =>
        figure(`${processName(processes)}, ${subject}`, what, unit, samples(processes, pass, of)),
      ),
    ),
  )
  const panels = MEASURES.map(({ what, of }) => ({
    title: `${evaluators} evaluators: ${what}`,
    lines: Object.fromEntries(
      Object.entries(PASSES).map(([name, pass]) => [
        name,
        PROCESSES.map((processes) => [processes, median(samples(processes, pass, of))] as const),
      ]),
    ),
  }))
  const notes = [
    `${node.label}. Round trips of ${ROUND_TRIP_MS} ms; 4 evaluators at a time in each process; connections of both origins.`,
  ]
  return { figures, notes, plots: { shards: await countCharts('processes', panels) } }
}

const processName = (count: number): string => (count === 1 ? '1 process' : `${count} processes`)

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

/** Uploads all to a service that has none, and then once more. */
async function upload(
  context: Context,
  node: string,
  list: readonly object[],
  processes: number,
): Promise<Run> {
  const dir = await mkdtemp(`${context.dir}/shards-`)
  await mkdir(`${dir}/work`)
  await writeFile(`${dir}/work/list.json`, JSON.stringify(list))
  const far = await startFarService(dir)
  try {
    context.log(processName(processes))
    const once = async (): Promise<Pass> => ({
      ...(await pass(far, node, `${dir}/work`, processes)),
      evaluators: list.length,
    })
    return { first: await once(), again: await once() }
  } finally {
    await far.stop()
  }
}

async function pass(
  far: FarService,
  node: string,
  cwd: string,
  processes: number,
): Promise<Omit<Pass, 'evaluators'>> {
  const before = await far.service.call('countRequests', undefined)
  await far.proxy.call('begin', undefined)
  const began = performance.now()
  const shards = Array.from({ length: processes }, (_, index) => `${index + 1}/${processes}`)
  await Promise.all(shards.map((shard) => runShard(node, cwd, shard, far.env)))
  const seconds = (performance.now() - began) / 1000
  const trips = await far.proxy.call('end', undefined)
  const requests = (await far.service.call('countRequests', undefined)) - before
  return { ...trips, seconds, requests }
}

async function runShard(
  node: string,
  cwd: string,
  shard: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(node, [BIN, 'upload', '--config', 'list.json', '--shard', shard], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [stderr, code] = await Promise.all([
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve)),
  ])
  if (code !== 0) throw new Error(`Shard ${shard} ended with ${code}:\n${stderr}`)
}

function filesOf(index: number): Record<string, string> {
  return {
    'test_scorer.py': '@evaluation_test()\ndef test_scorer(row):\n    return row\n',
    'requirements.txt': 'eval-protocol\n',
    'scorer.js': `export const score = () => 1 // ${index}\n${'// padding\n'.repeat(500)}`,
  }
}
