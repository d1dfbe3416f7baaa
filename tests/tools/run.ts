/**
 * Real tools on top of bundlers, each with a small project of its own, against the emulator: `pnpm tools`, or
 * `pnpm tools astro nuxt` for some. Installs some gigabytes and takes minutes, so that `pnpm test` knows nothing of it; the
 * nightly workflow runs it. `FW_TOOLS_DIR` keeps the projects, and finds them installed the next time.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { type Emulator, startEmulator } from '@fw/evaluator-emulator'
import { archiveOf } from '../bundlers/harness/archive.ts'
import { uploadsOf } from '../bundlers/harness/running.ts'
import { frameworks } from './frameworks.ts'
import { libraries } from './libraries.ts'
import { createProject, packOurs, writeAll } from './project.ts'
import { type Row, show, table, untried } from './table.ts'
import type { Tool } from './tool.ts'
import { PYTHON, type Try, triesOf } from './tries.ts'

const BUILD_WITHIN_MS = 300_000

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

function filesBelow(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  return files.map((file) => relative(folder, join(file.parentPath, file.name)).replaceAll('\\', '/'))
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
  if (one.copiesTo) writeAll(join(dir, one.copiesTo), PYTHON)
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
  const missing =
    one.copiesTo && uploads > 0
      ? filesBelow(join(dir, one.copiesTo)).filter((file) => !files.includes(file))
      : []
  if (missing.some((file) => !file.startsWith(`${tool.excludes}/`)))
    faults.push(`${missing.join(', ')} is not in the archive`)
  const unwanted = files.filter((file) => one.lacks?.test(file))
  if (unwanted.length > 0) faults.push(`${unwanted.join(', ')} is in the archive`)
  const told = output.split('\n').filter((line) => line.includes(id) && !line.includes('FW_AUTH'))
  if (uploads > 0 && !one.command && told.filter((line) => line.includes('uploaded')).length !== uploads)
    faults.push(`the upload is told in ${told.length} lines`)
  if (faults.length > 0) console.log(`\n--- ${tool.name}, ${one.what}: ${faults.join('; ')}\n${output}\n---`)
  const shown = files.slice(0, 6).join(' ') + (files.length > 6 ? ` and ${files.length - 6} more` : '')
  const expected = `${one.uploads}, ${one.exit === undefined ? 'not 0' : one.exit}`
  return { tool: tool.name, what: one.what, expected, uploads, exit, files: shown, faults }
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
    if (tool.skipped) {
      rows.push(show(untried(tool.name, `skipped: ${tool.skipped}`)))
      continue
    }
    const dir = join(base, tool.name.toLowerCase().replaceAll(/\W+/g, '-'))
    mkdirSync(dir, { recursive: true })
    try {
      createProject(dir, tool, ours)
      for (const [count, one] of triesOf(tool).entries())
        rows.push(show(await tryOut(tool, dir, one, emulator, `tool-${index}-${one.suffix ?? count}`)))
    } catch (error) {
      rows.push(show(untried(tool.name, 'install', [String(error)])))
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
