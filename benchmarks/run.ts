/**
 * Measures all that is meant to be fast, side by side with what a user would use instead.
 * `--quick`: under two minutes. `--only pack,put`: these suites.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Suite } from './lib/context.ts'
import { isMet, type SuiteResult } from './lib/figure.ts'
import { describeMachine } from './lib/machine.ts'
import { buildPrograms } from './lib/programs.ts'
import { table, writeResults } from './lib/report.ts'
import { findNodes, findTools, missing } from './lib/tools.ts'

/** Loaded when it is their turn: what they import exists only after the packages were built. */
const SUITES: Readonly<Record<string, () => Promise<Suite>>> = {
  pack: async () => (await import('./suites/pack.ts')).packSuite,
  growth: async () => (await import('./suites/growth.ts')).growthSuite,
  'round-trips': async () => (await import('./suites/round-trips.ts')).roundTripsSuite,
  put: async () => (await import('./suites/put.ts')).putSuite,
  build: async () => (await import('./suites/build.ts')).buildSuite,
  many: async () => (await import('./suites/many.ts')).manySuite,
  shards: async () => (await import('./suites/shards.ts')).shardsSuite,
  command: async () => (await import('./suites/command.ts')).commandSuite,
  peer: async () => (await import('./suites/peer.ts')).peerSuite,
}

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
})
const chosen = values.only?.split(',') ?? Object.keys(SUITES)
const unknown = chosen.find((name) => !(name in SUITES))
if (unknown !== undefined) {
  throw new Error(`There is no suite "${unknown}". Known: ${Object.keys(SUITES).join(', ')}`)
}

await buildPackages()
await buildPrograms()
const [allNodes, tools] = await Promise.all([findNodes(), findTools()])
// An upload asks `python3` whether its Python can be parsed. The script that a version manager has under that name takes
// a tenth of a second and more to find the interpreter, which is no time of ours.
if (tools.python) process.env.PATH = `${dirname(tools.python.path)}${delimiter}${process.env.PATH}`
// The oldest Node is the slowest, and most goals are set for it.
const nodes = values.quick ? allNodes.slice(0, 1) : allNodes
const machine = await describeMachine(nodes, tools)
console.log(
  `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, commit ${machine.commit}`,
)
console.log(Object.values(machine.versions).join(' · '))
if (missing(tools).length > 0) console.log(`Missing here, and so not compared: ${missing(tools).join(', ')}`)

const results: Record<string, SuiteResult> = {}
for (const name of chosen) {
  const began = performance.now()
  const dir = await mkdtemp(join(tmpdir(), 'fw-benchmark-'))
  try {
    const suite = await SUITES[name]?.()
    if (!suite) continue
    const log = (line: string) => process.stderr.isTTY && process.stderr.write(`  ${line}\n`)
    results[name] = await suite({ quick: values.quick, dir, nodes, tools, log })
    const seconds = Math.round((performance.now() - began) / 1000)
    console.log(`\n${name} (${seconds} s)\n${table(results[name])}`)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const name = values.quick ? 'quick' : values.only ? 'partial' : 'full'
await writeResults(name, machine, results)
const verdicts = Object.values(results).flatMap(({ figures }) => figures.map(isMet))
const met = verdicts.filter((verdict) => verdict === true).length
const missed = verdicts.filter((verdict) => verdict === false).length
console.log(`\n${met} goals met, ${missed} missed. Written to benchmarks/results/${name}.json`)

/** Says nothing unless it fails. */
async function buildPackages(): Promise<void> {
  const child = spawn('turbo', ['run', 'build', '--filter=@fw/benchmarks^...', '--output-logs=errors-only'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
  })
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve)),
  ])
  if (code !== 0) throw new Error(`The packages can't be built:\n${out}${err}`)
}
