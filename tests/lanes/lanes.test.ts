import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { packEvaluator } from '@fw/evaluator-core'
import { type Emulator, startEmulator } from '@fw/evaluator-emulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TIERING_BUDGETS } from '../../packages/evaluator-core/src/http/parser-tiers.ts'
import { type Lane, lanes, otherRuntimes, runFile } from './harness.ts'

const manifest = createRequire(import.meta.url).resolve('@fw/evaluator-cli/package.json')
const cli = join(dirname(manifest), 'dist/cli.js')
const { version }: { version: string } = JSON.parse(readFileSync(manifest, 'utf8'))
const tree = join(import.meta.dirname, 'tree')
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'fw-lanes-'))
const program = (name: string) => join(import.meta.dirname, 'programs', name)
/** Core writes a cache to the home folder. */
const home = { HOME: folder, USERPROFILE: folder, LOCALAPPDATA: folder }
const rows = new Map<string, string[]>()
let emulator: Emulator

beforeAll(async () => {
  emulator = await startEmulator({ buildMs: 10 })
})

afterAll(async () => {
  await emulator.close()
  await rm(folder, { recursive: true, force: true })
  console.log([...rows].map(([name, cells]) => `  ${name.padEnd(12)} ${cells.join('  ')}`).join('\n'))
})

function note({ name }: Lane, ...cells: string[]): void {
  rows.set(name, [...(rows.get(name) ?? []), ...cells])
}

async function json(lane: Lane, name: string, args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await runFile(lane, program(name), args, home)
  const printed: Record<string, unknown> = JSON.parse(stdout)
  expect(printed.node).toMatch(lane.version)
  return printed
}

async function stateOf(evaluatorId: string): Promise<string | undefined> {
  const url = `${emulator.url}/v1/accounts/${emulator.accountId}/evaluators/${evaluatorId}`
  const response = await fetch(url, { headers: { authorization: `Bearer ${emulator.apiKey}` } })
  const evaluator: { state?: string } = JSON.parse(await response.text())
  return evaluator.state
}

describe.each(lanes)('$name', (lane) => {
  const slug = lane.version.replaceAll('.', '-')

  test('require() loads every package from CommonJS', async () => {
    const printed = await json(lane, 'require.cjs', [])
    expect(printed).toMatchObject({
      functions: ['function', 'function', 'function', 'function'],
      ofCore: [
        'EvaluatorUploadError',
        'createGateway',
        'describeConfig',
        'downloadArchive',
        'findNeverSent',
        'isEvaluatorId',
        'matchFiles',
        'nearestEvaluatorId',
        'openDownload',
        'openPool',
        'packEvaluator',
        'printable',
        'uploadEvaluator',
      ],
      isError: true,
      made: 20,
      inIndex: expect.arrayContaining([
        'bun',
        'esbuild',
        'farm',
        'rolldown',
        'rollup',
        'rspack',
        'vite',
        'webpack',
      ]),
    })
    note(lane, `${printed.node}`.padEnd(9), 'require')
  })

  test('the emulator and core: ACTIVE, then unchanged, then an error with its code', async () => {
    expect(await json(lane, 'upload.mjs', [tree])).toMatchObject({
      outcome: 'uploaded',
      state: 'ACTIVE',
      again: 'unchanged',
      failure: 'FW_AUTH',
    })
    note(lane, 'upload')
  })

  test('V8 compiles the HTTP parser once, and its own budget is known', async () => {
    const [node] = lane.command
    const { stdout: options } = await promisify(execFile)(node, ['--v8-options'])
    const [, budget] = /default: --wasm-tiering-budget=(\d+)/.exec(options) ?? []
    const { stdout: version } = await promisify(execFile)(node, ['-p', 'process.versions.v8'])
    expect(String(TIERING_BUDGETS[version.split('.')[0] ?? ''])).toBe(budget)
    const tracing: Lane = { ...lane, command: [node, '--trace-wasm-compilation-times'] }
    const { stdout } = await runFile(tracing, program('upload.mjs'), [tree], home)
    expect(stdout).toContain('using Liftoff')
    expect(stdout).not.toContain('using TurboFan')

    const chosen: Lane = { ...tracing, command: [...tracing.command, '--wasm-tiering-budget=100000'] }
    const { stdout: asChosen } = await runFile(chosen, program('upload.mjs'), [tree], home)
    expect(asChosen, 'a budget that the user has chosen stays').toContain('using TurboFan')
  })

  test.each(['vite', 'esbuild'])('a build with %s ends with an ACTIVE evaluator', async (bundler) => {
    const project = join(folder, `${bundler}-${slug}`)
    cpSync(tree, project, { recursive: true })
    const id = `${slug}${bundler}`
    await runFile(lane, program(`${bundler}.mjs`), [project], { ...home, ...emulator.env, EVALUATOR_ID: id })
    expect(await stateOf(id)).toBe('ACTIVE')
    note(lane, bundler)
  })

  test('the command prints its version', async () => {
    const { stdout } = await runFile(lane, cli, ['--version'], home)
    expect(stdout).toContain(version)
    note(lane, 'command')
  })
})

describe.each(otherRuntimes)('$name', (lane) => {
  test('core uploads: ACTIVE, then unchanged, then an error with its code', async () => {
    expect(await json(lane, 'upload.mjs', [tree])).toMatchObject({
      outcome: 'uploaded',
      state: 'ACTIVE',
      again: 'unchanged',
      failure: 'FW_AUTH',
    })
    note(lane, 'upload')
  })

  test('core packs the same as in Node; only the compression may differ', async () => {
    const outFile = join(folder, `${lane.name}.tar.gz`)
    const { sha256, actual } = await json(lane, 'pack.mjs', [tree, outFile])
    expect(actual).toBe(sha256)
    const archive = await packEvaluator({ evaluatorId: 'lane', source: tree })
    const { body } = archive
    const expected = 'bytes' in body ? body.bytes : await readFile(body.path)
    await archive.dispose()
    expect(gunzipSync(await readFile(outFile)).equals(gunzipSync(expected))).toBe(true)
    note(lane, 'pack')
  })
})

test('every Node packs the same tree to the same bytes', async () => {
  const packed = await Promise.all(
    lanes.map(async (lane) => {
      const outFile = join(folder, `${lane.version}tar.gz`)
      const printed = await json(lane, 'pack.mjs', [tree, outFile])
      const { sha256, actual, size } = printed
      note(lane, `sha256 ${String(sha256).slice(0, 16)}…`)
      return { sha256, actual, size, file: (await readFile(outFile)).toString('base64') }
    }),
  )
  const [first, ...others] = packed
  expect(first).toMatchObject({ actual: first?.sha256 })
  for (const other of others) expect(other).toEqual(first)
})
