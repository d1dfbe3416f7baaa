/**
 * Real tools on top of bundlers, each with a small project of its own, against the emulator: `pnpm tools`, or
 * `pnpm tools astro nuxt` for some. Installs some gigabytes and takes minutes, so that `pnpm test` knows nothing of it; the
 * nightly workflow runs it. `FW_TOOLS_DIR` keeps the projects, and finds them installed the next time.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type Emulator, startEmulator } from '@fw/evaluator-emulator'
import { archiveOf } from '../bundlers/harness/archive.ts'
import { uploadsOf } from '../bundlers/harness/running.ts'
import { frameworks } from './frameworks.ts'
import { libraries } from './libraries.ts'
import type { Tool } from './tool.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PACKAGES = ['evaluator-core', 'scorer', 'unplugin', 'vite-plugin', 'esbuild-plugin', 'cli', 'emulator']
const OPTIONS =
  '{ evaluatorId: process.env.EVALUATOR_ID, evaluator: { entryPoint: false }, enabled: process.env.INSIST ? true : undefined }'
const BUILD_WITHIN_MS = 300_000

interface Row {
  readonly tool: string
  readonly what: string
  readonly expected: string
  readonly uploads: number
  readonly exit: number | null
  readonly files: string
  /** Empty where all is as expected. */
  readonly faults: readonly string[]
}

/** Every version that this lane was seen to work with, by tool. */
const versions: Record<string, Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'versions.json'), 'utf8'),
)

function npm(cwd: string, args: readonly string[]): void {
  const { status } = spawnSync('npm', args, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm ${args[0]} failed in ${cwd}`)
}

/** Packs what would be published, as a user would install it. */
function packOurs(folder: string): string[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of PACKAGES) {
    const { status, stderr } = spawnSync('pnpm', ['pack', '--pack-destination', folder], {
      cwd: join(ROOT, 'packages', name),
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    if (status !== 0) throw new Error(`${name} could not be packed: ${stderr}`)
  }
  return readdirSync(folder).map((file) => join(folder, file))
}

function createProject(dir: string, { name, files }: Tool, ours: readonly string[]): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text.replaceAll('OURS', OPTIONS))
  }
  const pinned = Object.entries(versions[name.split(',')[0] ?? ''] ?? {})
  if (pinned.length === 0) throw new Error(`versions.json has no versions for ${name}`)
  npm(dir, [
    'install',
    ...['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'],
    ...pinned.map(([pkg, version]) => `${pkg}@${version}`),
    ...ours,
  ])
}

async function run(dir: string, [program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(join(dir, 'node_modules/.bin', program), args, {
    cwd: dir,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
  const timer = setTimeout(() => child.kill('SIGKILL'), BUILD_WITHIN_MS)
  await once(child, 'close')
  clearTimeout(timer)
  return { exit: child.exitCode, output }
}

/** What is tried with a tool: each is a build, or an upload by hand. */
interface Try {
  readonly what: string
  readonly command?: readonly string[]
  readonly env?: Record<string, string>
  readonly uploads: number
  /** `undefined`: any code but 0. */
  readonly exit: number | undefined
  readonly prints?: RegExp | undefined
  readonly entries?: Tool['entries']
}

const WRONG_KEY = { FIREWORKS_API_KEY: 'fw_wrong_key_0123456789' }

function triesOf(tool: Tool): Try[] {
  const { delivers, entries, exit = 0, isNotShipping, prints, uploads = 1 } = tool
  if (isNotShipping) {
    return [
      { what: 'build', uploads: 0, exit: 0, prints },
      { what: 'wrong key', env: WRONG_KEY, uploads: 0, exit: 0 },
    ]
  }
  if (!delivers) {
    return [
      { what: 'build', uploads, exit, prints, entries },
      { what: 'wrong key', env: WRONG_KEY, uploads: 0, exit: undefined, prints: prints ?? /FW_AUTH/ },
    ]
  }
  const INSIST = { INSIST: '1' }
  return [
    { what: 'build', uploads: 0, exit: 0, prints: /works on after the bundler.*fw-evaluator upload/ },
    {
      what: `upload ${delivers}`,
      command: ['fw-evaluator', 'upload', delivers, '--id', 'ID', '--no-entry-point'],
      uploads: 1,
      exit: 0,
    },
    { what: 'build, insisted', env: INSIST, uploads, exit: 0, entries },
    {
      what: 'wrong key, insisted',
      env: { ...INSIST, ...WRONG_KEY },
      uploads: 0,
      exit: undefined,
      prints: /FW_AUTH/,
    },
  ]
}

async function tryOut(tool: Tool, dir: string, one: Try, emulator: Emulator, id: string): Promise<Row> {
  const env = {
    PATH: process.env.PATH,
    HOME: join(dir, '..'),
    EVALUATOR_ID: id,
    ...{ NEXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
    ...{ NUXT_TELEMETRY_DISABLED: '1', STORYBOOK_DISABLE_TELEMETRY: '1', NG_CLI_ANALYTICS: 'false' },
    ...emulator.env,
    ...one.env,
  }
  const command = (one.command ?? tool.build).map((word) => (word === 'ID' ? id : word))
  const { exit, output } = await run(dir, command, env)
  const uploads = uploadsOf(emulator, id)
  const files = uploads > 0 ? [...(await archiveOf(emulator, id)).keys()] : []
  const faults: string[] = []
  if (uploads !== one.uploads) faults.push(`${uploads} uploads instead of ${one.uploads}`)
  if (one.exit === undefined ? exit === 0 : exit !== one.exit)
    faults.push(`exit code ${exit} instead of ${one.exit ?? 'a failure'}`)
  if (one.prints && !one.prints.test(output.replaceAll(/\s+│?\s*/g, ' ')))
    faults.push(`does not print ${one.prints}`)
  for (const entry of one.entries ?? []) {
    const isThere = files.some((file) => (typeof entry === 'string' ? file === entry : entry.test(file)))
    if (uploads > 0 && !isThere) faults.push(`${entry} is not in the archive`)
  }
  const told = output.split('\n').filter((line) => line.includes(id) && !line.includes('FW_AUTH'))
  if (uploads > 0 && !one.command && told.filter((line) => line.includes('uploaded')).length !== uploads)
    faults.push(`the upload is told in ${told.length} lines`)
  if (faults.length > 0) console.log(`\n--- ${tool.name}, ${one.what}: ${faults.join('; ')}\n${output}\n---`)
  const shown = files.slice(0, 6).join(' ') + (files.length > 6 ? ` and ${files.length - 6} more` : '')
  const expected = `${one.uploads}, ${one.exit === undefined ? 'not 0' : one.exit}`
  return { tool: tool.name, what: one.what, expected, uploads, exit, files: shown, faults }
}

function table(rows: readonly Row[]): string {
  const head = ['', 'tool', 'what', 'expected: uploads, exit', 'uploads', 'exit', 'files']
  const body = rows.map((row) => [
    row.faults.length === 0 ? '✓' : '✗',
    ...[row.tool, row.what, row.expected, String(row.uploads), String(row.exit), row.files],
  ])
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const wanted = process.argv.slice(2).map((word) => word.toLowerCase())
const tools = [...libraries, ...frameworks].filter(
  ({ name }) => wanted.length === 0 || wanted.some((word) => name.toLowerCase().startsWith(word)),
)
const kept = process.env.FW_TOOLS_DIR
const base = kept ? resolve(kept) : mkdtempSync(join(realpathSync(tmpdir()), 'fw-tools-'))
const rows: Row[] = []
try {
  const ours = packOurs(join(base, 'packed'))
  await using emulator = await startEmulator({ buildMs: 1 })
  for (const [index, tool] of tools.entries()) {
    const dir = join(base, tool.name.toLowerCase().replaceAll(/\W+/g, '-'))
    mkdirSync(dir, { recursive: true })
    try {
      createProject(dir, tool, ours)
      for (const [count, one] of triesOf(tool).entries())
        rows.push(await tryOut(tool, dir, one, emulator, `tool-${index}-${count}`))
    } catch (error) {
      const faults = [String(error)]
      rows.push({ tool: tool.name, what: 'install', expected: '', uploads: 0, exit: null, files: '', faults })
    }
    if (!kept) rmSync(dir, { recursive: true, force: true })
  }
} finally {
  if (!kept) rmSync(base, { recursive: true, force: true })
}
const failed = rows.filter(({ faults }) => faults.length > 0)
const text = `## Tools\n\n${table(rows)}\n\n${failed.map(({ tool, what, faults }) => `- ✗ ${tool}, ${what}: ${faults.join('; ')}`).join('\n')}\n`
console.log(text)
if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, text)
process.exitCode = failed.length > 0 ? 1 : 0
