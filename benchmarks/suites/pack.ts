import { rm, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Context } from '../lib/context.ts'
import { type Corpus, makeCorpus } from '../lib/corpus.ts'
import { type Figure, figure, type SuiteResult, type Unit } from '../lib/figure.ts'
import { type Measured, measured } from '../lib/measured.ts'
import { barChart } from '../lib/plots.ts'
import { programFile } from '../lib/programs.ts'
import { copyInstalled } from '../lib/real-corpus.ts'
import { ratios, rounds } from '../lib/rounds.ts'
import { expectSameFiles } from '../lib/same-files.ts'
import type { NodeVersion } from '../lib/tools.ts'
import { packSmall } from './pack-small.ts'

const TARFILE = fileURLToPath(new URL('../programs/pack_tarfile.py', import.meta.url))
const PIGZ = 'tar | pigz -p2 -6'
const NO_SCAN = 'without the scan'
const GZIP = 'tar | gzip -6'
/** Before the name of a packer: its time to that of pigz. */
const WALL = 'wall to pigz: '
/** The search for secrets in all that is packed may cost this. */
const SCAN_RATIO = 1.1
const MAX_RSS_MB = 110

interface Case {
  corpus: Corpus
  pairs: number
  /** Times that the slow ones of the others run. */
  others: number
  goals: { wall?: number; cpu?: number }
}

/** Packing, against what a shell, npm and Python have for it. Every archive of ours is unpacked and compared. */
export async function packSuite(context: Context): Promise<SuiteResult> {
  const figures: Figure[] = []
  const bars: Record<string, Record<string, number>> = {}
  for await (const each of cases(context)) {
    context.log(each.corpus.name)
    const found = await packCase(context, each)
    figures.push(...found)
    bars[each.corpus.name] = Object.fromEntries(
      found
        .filter(({ what }) => what.startsWith(WALL))
        .map(({ what, value }) => [what.slice(WALL.length), value]),
    )
    await rm(each.corpus.dir, { recursive: true })
  }
  figures.push(...(await packSmall(context)))
  const plot = await barChart('Time to pack, as a multiple of tar | pigz -p2 -6', bars, 1)
  return { figures, notes: [], plots: { pack: plot } }
}

async function* cases({ dir, quick }: Context): AsyncGenerator<Case> {
  const [pairs, others] = quick ? [3, 1] : [7, 2]
  const middle = { name: '57 MB in 2,000 files', files: 2000, bytes: 57e6 }
  yield { corpus: await makeCorpus(dir, middle), pairs, others, goals: { wall: 0.75, cpu: 0.8 } }
  // Making, unpacking and comparing so many files, and finding those of all packages, takes a minute.
  if (quick) return
  const many = { name: '60 MB in 20,000 files', files: 20_000, bytes: 60e6 }
  yield { corpus: await makeCorpus(dir, many), pairs, others, goals: { wall: 0.95 } }
  yield { corpus: await copyInstalled(dir, 60e6), pairs, others: 0, goals: {} }
  const large = { name: '485 MB in 4,000 files', files: 4000, bytes: 485e6 }
  yield { corpus: await makeCorpus(dir, large), pairs: 3, others: 0, goals: { wall: 0.58, cpu: 0.75 } }
}

async function packCase(context: Context, { corpus, pairs, others, goals }: Case): Promise<Figure[]> {
  const { nodes, tools } = context
  const { name } = corpus
  const [oldest] = nodes
  const time = measuring(context, corpus)
  const own = nodes.map((node) => [node.label, () => time(node.label, ours(node, corpus))] as const)
  const samples = await rounds(pairs, {
    ...(tools.tar && tools.pigz && { [PIGZ]: () => time(PIGZ, pipeTo('pigz -p 2 -6', corpus)) }),
    ...Object.fromEntries(own),
    ...(oldest && {
      [NO_SCAN]: () => time(NO_SCAN, ours(oldest, corpus), { BENCH_SCAN: '0' }),
    }),
  })
  const rivals = {
    ...(await rounds(1, {
      ...(tools.tar && tools.gzip && { [GZIP]: () => time(GZIP, pipeTo('gzip -6', corpus)) }),
    })),
    ...(await rounds(others, {
      "npm's tar": () => time('npm', [process.execPath, programFile('npm-tar'), corpus.dir]),
      ...(tools.python && {
        "Python's tarfile": () => time('python', [tools.python?.path ?? '', TARFILE, corpus.dir]),
      }),
    })),
  }
  const pigz = samples[PIGZ]
  const gzip = rivals[GZIP]?.[0]
  const figures: Figure[] = []
  const tell = (what: string, unit: Unit, values: readonly number[], goal?: number) => {
    // NaN: what can't be measured without Python.
    if (values.length > 0 && !values.some(Number.isNaN)) figures.push(figure(name, what, unit, values, goal))
  }
  for (const { label } of nodes) {
    const own = samples[label] ?? []
    tell(`${WALL}${label}`, 'ratio', ratios(own, pigz, wall), goals.wall)
    tell(`CPU: ${label}`, 'ratio', ratios(own, pigz, cpu), goals.cpu)
    tell(`time: ${label}`, 'ms', own.map(wall))
    tell(`peak RSS: ${label}`, 'MB', own.map(rss), label === 'Node 20' ? MAX_RSS_MB : undefined)
    if (gzip)
      tell(
        `size to gzip -6: ${label}`,
        'ratio',
        own.slice(0, 1).map((s) => s.size / gzip.size),
        1.02,
      )
  }
  if (oldest)
    tell(
      `time to that without the scan for secrets: ${oldest.label}`,
      'ratio',
      ratios(samples[oldest.label], samples[NO_SCAN], wall),
      SCAN_RATIO,
    )
  if (pigz) tell(`time: ${PIGZ}`, 'ms', pigz.map(wall))
  for (const [rival, own] of Object.entries(rivals)) tell(`${WALL}${rival}`, 'ratio', ratios(own, pigz, wall))
  return figures
}

const wall = ({ wallMs }: Measured): number => wallMs
const cpu = ({ cpuMs }: Measured): number => cpuMs
const rss = ({ rssMb }: Measured): number => rssMb

type Argv = readonly [string, ...string[]]

function ours(node: NodeVersion, { dir }: Corpus): Argv {
  return [node.path, programFile('pack'), dir]
}

/** The file's name comes last, as with all others. */
function pipeTo(compress: string, { dir }: Corpus): Argv {
  const script = `tar -C "$1" -cf - "$2" | ${compress} > "$3"`
  return ['sh', '-c', script, 'sh', dirname(dir), basename(dir)]
}

type Packed = Measured & { size: number }
type Timer = (label: string, argv: Argv, env?: Readonly<Record<string, string>>) => Promise<Packed>

/** Runs a packer with a file name at the end. The first archive of each of ours is unpacked and compared. */
function measuring(context: Context, corpus: Corpus): Timer {
  const unchecked = new Set(context.nodes.map(({ label }) => label))
  return async (label, argv, env = {}) => {
    const file = `${context.dir}/${label.replace(/\W+/g, '-')}.tar.gz`
    const result = await measured(context, { argv: [...argv, file], env })
    const { size } = await stat(file)
    if (unchecked.delete(label)) await expectSameFiles(file, corpus.dir)
    await rm(file)
    return { ...result, size }
  }
}
