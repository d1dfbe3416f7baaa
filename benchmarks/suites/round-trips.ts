import { writeFile } from 'node:fs/promises'
import { startChild } from '../lib/calls.ts'
import type { Context } from '../lib/context.ts'
import type { Trips } from '../lib/far-away.ts'
import { type FarService, ROUND_TRIP_MS, startFarService } from '../lib/far-service.ts'
import { type Figure, figure, median, type SuiteResult } from '../lib/figure.ts'
import { noise, prose, seeded } from '../lib/random.ts'
import { rounds } from '../lib/rounds.ts'
import type { NodeVersion } from '../lib/tools.ts'
import type { ClientMethods, Upload, Uploaded } from '../programs/client.ts'

type Files = Upload['files']
type Sample = Uploaded & Trips

interface Case {
  /** First part of the evaluators' ids. */
  id: string
  name: string
  goalMs: number
  /** What the service holds before: nothing, the same, or something else. */
  before: 'nothing' | 'same' | 'other'
  files: Files
  warm?: boolean
}

/** How long packing takes in the case in which it takes long. */
const PACKING_MS = 200
/** Of the archive in that case. */
const SLOW_BYTES = 262e3

const SMALL: Files = {
  'test_scorer.py': '@evaluation_test()\ndef test_scorer(row):\n    return row\n',
  'requirements.txt': 'eval-protocol\n',
}

/** Uploads to a service that is 50 ms away, over TLS, with TCP's slow start: the round trips, and the time. */
export async function roundTripsSuite(context: Context): Promise<SuiteResult> {
  const { quick, nodes, dir, log } = context
  const far = await startFarService(dir)
  const [oldest] = nodes
  if (!oldest) throw new Error('No Node was found')
  try {
    const figures: Figure[] = []
    for (const each of await cases(far, oldest, dir)) {
      log(each.name)
      const count = quick ? 2 : 9
      const ids = await seed(far, oldest, each, count * (nodes.length + 1))
      const next = () => ({ ...each, evaluatorId: ids.pop() ?? '' })
      const samples = await rounds(count, {
        ...Object.fromEntries(nodes.map((node) => [node.label, () => play(far, next(), node, 'upload')])),
        'fetch, one by one': () => play(far, { ...next(), warm: false }, oldest, 'straight'),
      })
      for (const [label, all = []] of Object.entries(samples)) {
        const goal = label.startsWith('Node') ? each.goalMs : undefined
        const tell = (what: string, unit: Figure['unit'], of: (sample: Sample) => number, goal?: number) => {
          figures.push(figure(each.name, `${what}: ${label}`, unit, all.map(of), goal))
        }
        tell('time', 'ms', ({ ms }) => ms, goal)
        tell('round trips', 'count', ({ roundTrips }) => roundTrips)
        tell('of it until it is packed', 'ms', ({ packedMs }) => packedMs)
        tell('of it after that', 'ms', ({ ms, packedMs }) => ms - packedMs)
      }
    }
    return { figures, notes: [`A round trip is ${ROUND_TRIP_MS} ms; a TLS connection takes two.`] }
  } finally {
    await far.stop()
  }
}

async function cases(far: FarService, node: NodeVersion, dir: string): Promise<Case[]> {
  const random = seeded(1)
  const [large, line, rest] = [`${dir}/1-mb.bin`, `${dir}/line.txt`, `${dir}/rest.bin`]
  await writeFile(large, noise(1e6, random))
  await writeFile(line, prose(1000, random))
  const oneMb: Files = { ...SMALL, 'data.bin': { path: large } }

  // Many small files: slow to pack, and quick to unpack for the emulator, whose work would count as ours.
  let files = 4000
  for (let attempt = 0; attempt < 2; attempt++) {
    const { ms } = await packed(far, node, manyFiles(line, files))
    files = Math.round(files * (PACKING_MS / ms))
  }
  const { size } = await packed(far, node, manyFiles(line, files))
  await writeFile(rest, noise(Math.max(0, SLOW_BYTES - size), random))
  const slowly: Files = { ...manyFiles(line, files), 'rest.bin': { path: rest } }
  return [
    { id: 'first', name: 'unchanged, first call of a process', goalMs: 250, before: 'same', files: SMALL },
    { id: 'warm', name: 'unchanged, warm', goalMs: 125, before: 'same', files: SMALL, warm: true },
    { id: 'slow', name: 'changed, 262 kB, 200 ms of packing', goalMs: 620, before: 'other', files: slowly },
    { id: 'changed', name: 'changed, 1 MB', goalMs: 720, before: 'other', files: oneMb },
    { id: 'created', name: 'create, 1 MB', goalMs: 650, before: 'nothing', files: oneMb },
  ]
}

function manyFiles(path: string, count: number): Files {
  const names = Array.from({ length: count }, (_, index) => `rules/rule-${index}.txt`)
  return { ...SMALL, ...Object.fromEntries(names.map((name) => [name, { path }])) }
}

/** The first packing of a process, the median of three. */
async function packed(
  { env }: FarService,
  { path }: NodeVersion,
  files: Files,
): Promise<{ ms: number; size: number }> {
  const runs: { ms: number; size: number }[] = []
  for (let run = 0; run < 3; run++) {
    const client = startChild<ClientMethods>('client', { node: path, env })
    runs.push(await client.call('pack', { evaluatorId: 'evaluator', files }))
    await client.stop()
  }
  return { ms: median(runs.map(({ ms }) => ms)), size: runs[0]?.size ?? 0 }
}

/** Evaluators of their own for `samples` uploads, with what the service shall hold of them before. */
async function seed(far: FarService, node: NodeVersion, each: Case, samples: number): Promise<string[]> {
  const ids = Array.from({ length: samples }, (_, index) => `${each.id}-${index}`)
  if (each.before === 'nothing') return ids
  const files = each.before === 'same' ? each.files : { ...SMALL, 'note.txt': 'another' }
  const client = startChild<ClientMethods>('client', { node: node.path, env: far.env })
  await Promise.all(ids.map((evaluatorId) => client.call('upload', { evaluatorId, files })))
  await client.stop()
  for (const id of ids) await far.service.call('active', id)
  return ids
}

/** One upload, in a process of its own. */
async function play(
  { proxy, env }: FarService,
  { evaluatorId, name, before, files, warm = false }: Case & { evaluatorId: string },
  { path }: NodeVersion,
  method: 'upload' | 'straight',
): Promise<Sample> {
  const client = startChild<ClientMethods>('client', { node: path, env })
  try {
    if (warm) await client.call('upload', { evaluatorId, files, warm })
    await proxy.call('begin', undefined)
    const uploaded = await client.call(method, { evaluatorId, files, warm })
    const trips = await proxy.call('end', undefined)
    const expected = before === 'same' ? 'unchanged' : 'uploaded'
    if (uploaded.outcome !== expected) throw new Error(`${name}: ${uploaded.outcome}, not ${expected}`)
    return { ...uploaded, ...trips }
  } finally {
    await client.stop()
  }
}
