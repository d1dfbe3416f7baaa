import { fileURLToPath } from 'node:url'
import { startChild } from '../lib/calls.ts'
import type { Context } from '../lib/context.ts'
import { type Figure, figure, type SuiteResult } from '../lib/figure.ts'
import { type Measured, measured } from '../lib/measured.ts'
import type { NodeVersion } from '../lib/nodes.ts'
import { programFile } from '../lib/programs.ts'
import { makeProject } from '../lib/project.ts'
import { differences, ratios, rounds } from '../lib/rounds.ts'
import type { ServiceMethods } from '../programs/service.ts'

const file = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Arguments of Node, in the project's root. */
const BUILDS = {
  'vite build': [file('node_modules/vite/bin/vite.js'), 'build', '--config', file('fixtures/vite.config.js')],
  esbuild: [file('fixtures/esbuild.js')],
} as const

/** At most this share of the build's time, for a plugin that has nothing to do. */
const IDLE_RATIO = 1.02
const MAX_IMPORT_MS = 10
const MAX_DRY_RUN_MS = 60
const MAX_UPLOAD_MS = 200

/** What the plugin costs a build, process by process: with it, without it, and where it has nothing to do. */
export async function buildSuite(context: Context): Promise<SuiteResult> {
  const project = await makeProject(context.dir)
  const service = startChild<ServiceMethods>('service')
  const figures: Figure[] = []
  try {
    const { env } = await service.call('start', { buildMs: 1 })
    for (const node of context.nodes) {
      figures.push(await importCost(context, node))
      for (const [name, args] of Object.entries(BUILDS)) {
        context.log(`${name}, ${node.label}`)
        figures.push(...(await buildCosts(context, node, { name, args, env, ...project })))
      }
    }
  } finally {
    await service.stop()
  }
  return {
    figures,
    notes: ['The project has 40 modules; the emulator is on loopback, and each upload creates.'],
  }
}

interface Build {
  name: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  root: string
  entry: string
  broken: string
}

let count = 0

async function buildCosts(context: Context, node: NodeVersion, build: Build): Promise<Figure[]> {
  const { name, args, env, root, entry, broken } = build
  const run = (what: string, from = entry) =>
    measured(context, {
      argv: [node.path, ...args],
      cwd: root,
      env: { ...env, BENCH_CASE: what, BENCH_ENTRY: from, BENCH_ID: `evaluator-${count++}` },
      exitCode: from === broken ? 1 : 0,
    })
  await run('upload')
  const { absent, off, dryRun, upload, failed, failedAbsent } = await rounds(pairsFor(context, node), {
    absent: () => run('absent'),
    off: () => run('off'),
    dryRun: () => run('dryRun'),
    upload: () => run('upload'),
    failedAbsent: () => run('absent', broken),
    failed: () => run('upload', broken),
  })
  const subject = `${name}, ${node.label}`
  // Node 20 is the slower one, and the goal of an upload is set for it.
  const maxUpload = name === 'vite build' && node.label === 'Node 20' ? MAX_UPLOAD_MS : undefined
  return [
    figure(subject, 'time without the plugin', 'ms', (absent ?? []).map(wall)),
    figure(subject, 'switched off, to without', 'ratio', ratios(off, absent, wall), IDLE_RATIO),
    figure(subject, 'failed build, to without', 'ratio', ratios(failed, failedAbsent, wall), IDLE_RATIO),
    figure(subject, 'dry run, over without', 'ms', differences(dryRun, absent, wall), MAX_DRY_RUN_MS),
    figure(subject, 'upload, over without', 'ms', differences(upload, absent, wall), maxUpload),
  ]
}

async function importCost(context: Context, node: NodeVersion): Promise<Figure> {
  const program = (name: string) => () => measured(context, { argv: [node.path, programFile(name)] })
  const samples = await rounds(context.quick ? 9 : 25, {
    nothing: program('nothing'),
    core: program('import-core'),
  })
  const max = node.label === 'Node 20' ? MAX_IMPORT_MS : undefined
  return figure(
    'import of core',
    `over an empty process: ${node.label}`,
    'ms',
    differences(samples.core, samples.nothing, wall),
    max,
  )
}

/** The goals are set for the older Node, where all of it takes longer. */
function pairsFor({ quick, nodes }: Context, node: NodeVersion): number {
  if (quick) return 3
  return node === nodes[0] ? 25 : 5
}

function wall({ wallMs }: Measured): number {
  return wallMs
}
