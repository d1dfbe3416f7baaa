import { rm, writeFile } from 'node:fs/promises'
import type { Context } from '../lib/context.ts'
import { makeCorpus } from '../lib/corpus.ts'
import { type Figure, figure, median, type SuiteResult } from '../lib/figure.ts'
import { type Measured, measured } from '../lib/measured.ts'
import { growthCharts } from '../lib/plots.ts'
import { programFile } from '../lib/programs.ts'
import { prose, seeded } from '../lib/random.ts'
import { rounds } from '../lib/rounds.ts'
import type { NodeVersion } from '../lib/tools.ts'

const MB = 1e6
/** Larger inputs are this file, so many times. */
const PIECE_BYTES = 64 * MB
/** The last input to the one before it: how much more each byte or file may cost. */
const LINEAR = 1.25
const FLAT = 1.15
/** With the list of a hundred thousand files. */
const MAX_RSS_MB = 120

interface Point {
  size: number
  samples: Readonly<Record<string, readonly Measured[]>>
}

/** How time and memory of packing grow with the bytes, and with the files. */
export async function growthSuite({ nodes, ...rest }: Context): Promise<SuiteResult> {
  // One Node is enough: the shape is what counts, and four gigabytes take their time.
  const context = { nodes: nodes.slice(0, 1), ...rest }
  const byBytes = await growBytes(context)
  const byFiles = await growFiles(context)
  const labels = context.nodes.map(({ label }) => label)
  const panel = (title: string, points: readonly Point[], of: (run: Measured) => number) => ({
    title,
    lines: Object.fromEntries(
      labels.map((label) => [label, points.map((point) => [point.size, at(point, label, of)] as const)]),
    ),
  })
  const plot = await growthCharts([
    panel('Seconds over MB', byBytes, seconds),
    panel('Peak RSS (MB) over MB', byBytes, memory),
    panel('Seconds over files of 1 kB', byFiles, seconds),
    panel('Peak RSS (MB) over files of 1 kB', byFiles, memory),
  ])
  const figures = labels.flatMap((label) => [
    // What is quick is too small to tell: the start of the process is most of it.
    ...tell(byBytes, label, 'MB', context.quick ? {} : { cost: LINEAR, memory: FLAT }),
    ...tell(byFiles, label, 'files', context.quick ? {} : { cost: LINEAR, rssMb: MAX_RSS_MB }),
  ])
  return { figures, notes: [], plots: { growth: plot } }
}

async function growBytes(context: Context): Promise<Point[]> {
  const sizes = context.quick ? [1, 4, 16, 64] : [1, 4, 16, 64, 256, 1024, 4096]
  const source = `${context.dir}/piece.txt`
  const points: Point[] = []
  for (const size of sizes) {
    context.log(`${size} MB`)
    const bytes = Math.min(size * MB, PIECE_BYTES)
    const block = prose(Math.min(bytes, 4 * MB), seeded(3))
    await writeFile(
      source,
      Array.from({ length: bytes / block.length }, () => block),
    )
    const copies = String((size * MB) / bytes)
    points.push(
      await measure(context, size, context.quick || size >= 256 ? 1 : 3, 'pack-copies', [source, copies]),
    )
  }
  await rm(source)
  return points
}

async function growFiles(context: Context): Promise<Point[]> {
  const points: Point[] = []
  for (const files of context.quick ? [1e2, 1e3, 1e4] : [1e2, 1e3, 1e4, 1e5]) {
    context.log(`${files} files`)
    const corpus = await makeCorpus(context.dir, { name: '', files, bytes: files * 1000 })
    points.push(await measure(context, files, files > 1e4 ? 1 : 3, 'pack', [corpus.dir]))
    await rm(corpus.dir, { recursive: true })
  }
  return points
}

async function measure(
  context: Context,
  size: number,
  times: number,
  program: string,
  args: readonly string[],
): Promise<Point> {
  const file = `${context.dir}/grown.tar.gz`
  const run = ({ path }: NodeVersion) =>
    measured(context, { argv: [path, programFile(program), ...args, file] })
  const samples = await rounds(
    times,
    Object.fromEntries(context.nodes.map((node) => [node.label, () => run(node)])),
  )
  await rm(file)
  return { size, samples }
}

/** The cost of the last step against that of the one before it, so that the start of the process is out of it. */
function tell(
  points: readonly Point[],
  label: string,
  unit: string,
  goals: { cost?: number; memory?: number; rssMb?: number },
): Figure[] {
  const [a, b, c] = points.slice(-3)
  if (!a || !b || !c) return []
  const slope = (from: Point, to: Point) =>
    (at(to, label, seconds) - at(from, label, seconds)) / (to.size - from.size)
  const subject = `${c.size.toLocaleString('en')} ${unit}`
  const before = `${b.size.toLocaleString('en')} ${unit}`
  return [
    figure(subject, `time: ${label}`, 's', [at(c, label, seconds)]),
    figure(
      subject,
      `cost of each more, to that at ${before}: ${label}`,
      'ratio',
      [slope(b, c) / slope(a, b)],
      goals.cost,
    ),
    figure(subject, `peak RSS: ${label}`, 'MB', [at(c, label, memory)], goals.rssMb),
    figure(
      subject,
      `peak RSS to that at ${before}: ${label}`,
      'ratio',
      [at(c, label, memory) / at(b, label, memory)],
      goals.memory,
    ),
  ]
}

function at({ samples }: Point, label: string, of: (run: Measured) => number): number {
  return median((samples[label] ?? []).map(of))
}

function seconds({ wallMs }: Measured): number {
  return wallMs / 1000
}

function memory({ rssMb }: Measured): number {
  return rssMb
}
