import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../lib/calls.ts'
import type { Context } from '../lib/context.ts'
import { type Figure, figure, type SuiteResult } from '../lib/figure.ts'
import { type Measured, measured } from '../lib/measured.ts'
import { programFile } from '../lib/programs.ts'
import { differences, ratios, rounds } from '../lib/rounds.ts'
import type { NodeVersion } from '../lib/tools.ts'
import type { ServiceMethods } from '../programs/service.ts'

const file = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

/** Arguments of Node, in the project's root. */
const BUILDS = {
  'vite build': [file('node_modules/vite/bin/vite.js'), 'build', '--config', file('fixtures/vite.config.js')],
  esbuild: [file('fixtures/esbuild.js')],
} as const

const MODULES = 40
/** At most this share of the build's time, for a plugin that has nothing to do. */
const IDLE_RATIO = 1.02
const IMPORTS = {
  core: { program: 'import-core', maxMs: 10 },
  '@fw/vite-plugin': { program: 'import-vite-plugin', maxMs: 4 },
  '@fw/esbuild-plugin': { program: 'import-esbuild-plugin', maxMs: 4 },
} as const
const MAX_DRY_RUN_MS = 60
const MAX_UPLOAD_MS = 120

/** What the plugin costs a build, process by process: with it, without it, and where it has nothing to do. */
export async function buildSuite(context: Context): Promise<SuiteResult> {
  const project = await makeProject(context.dir)
  const service = startChild<ServiceMethods>('service')
  const figures: Figure[] = []
  try {
    const { env } = await service.call('start', { buildMs: 1 })
    for (const node of context.nodes) {
      figures.push(...(await importCosts(context, node)))
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
  const run = (what: string, from = entry, more: Readonly<Record<string, string>> = {}) =>
    measured(context, {
      argv: [node.path, ...args],
      cwd: root,
      env: { ...env, ...more, BENCH_CASE: what, BENCH_ENTRY: from, BENCH_ID: `evaluator-${count++}` },
      exitCode: from === broken ? 1 : 0,
    })
  await run('upload')
  const { absent, off, hooks, dryRun, upload, failed, failedAbsent } = await rounds(pairsFor(context, node), {
    absent: () => run('absent'),
    off: () => run('off'),
    // Storybook's builds are not for shipping: all that joins a build, and nothing that comes after it.
    hooks: () => run('upload', entry, { STORYBOOK: 'true' }),
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
    figure(
      subject,
      'hooks that upload nothing, to without',
      'ratio',
      ratios(hooks, absent, wall),
      IDLE_RATIO,
    ),
    figure(subject, 'failed build, to without', 'ratio', ratios(failed, failedAbsent, wall), IDLE_RATIO),
    figure(subject, 'dry run, over without', 'ms', differences(dryRun, absent, wall), MAX_DRY_RUN_MS),
    figure(subject, 'upload, over without', 'ms', differences(upload, absent, wall), maxUpload),
  ]
}

async function importCosts(context: Context, node: NodeVersion): Promise<Figure[]> {
  const program = (name: string) => () => measured(context, { argv: [node.path, programFile(name)] })
  const samples = await rounds(context.quick ? 9 : 25, {
    nothing: program('nothing'),
    ...Object.fromEntries(Object.values(IMPORTS).map(({ program: name }) => [name, program(name)])),
  })
  return Object.entries(IMPORTS).map(([name, { program, maxMs }]) =>
    figure(
      `import of ${name}`,
      `over an empty process: ${node.label}`,
      'ms',
      differences(samples[program], samples.nothing, wall),
      maxMs,
    ),
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

/** A small evaluator: a few modules, a scorer in Python beside them. Its good and its broken entry are returned. */
async function makeProject(dir: string): Promise<{ root: string; entry: string; broken: string }> {
  const root = join(dir, 'project')
  const names = Array.from({ length: MODULES }, (_, index) => `rule${index}`)
  const files: Record<string, string> = {
    'package.json': '{ "type": "module" }\n',
    'requirements.txt': 'eval-protocol\n',
    'test_scorer.py': '@evaluation_test()\ndef test_scorer(row):\n    return row\n',
    'src/main.js': [
      ...names.map((name) => `import { ${name} } from './${name}.js'`),
      `export const score = (row) => [${names}].reduce((sum, rule) => sum + rule(row), 0)\n`,
    ].join('\n'),
    'src/broken.js': `export * from './main.js'\nexport * from './not-there.js'\n`,
  }
  names.forEach((name, index) => {
    files[`src/${name}.js`] =
      `export function ${name}(row) {\n  return row.text.includes('${name}') ? ${index} : 0\n}\n`
  })
  await mkdir(join(root, 'src'), { recursive: true })
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text)
  return { root, entry: 'src/main.js', broken: 'src/broken.js' }
}
