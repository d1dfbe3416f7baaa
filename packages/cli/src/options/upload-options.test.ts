import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UploadOptions } from '@fw/evaluator-core'
import { expect, onTestFinished, test } from 'vitest'
import { evaluatorFields, type UploadFlags, withFlags } from './upload-options.ts'

const NONE: UploadFlags = { gitignore: true, create: true }
const FOLDER: UploadOptions = { evaluatorId: 'a', source: { dir: 'd', include: ['i'], exclude: ['e'] } }

const merged = (config: Partial<UploadOptions>, flags: Partial<UploadFlags>): UploadOptions =>
  withFlags({ ...FOLDER, ...config }, { ...NONE, ...flags }, {})

test('without flags, the config is used unchanged', () => {
  const config: UploadOptions = {
    ...FOLDER,
    wait: { intervalMs: 5 },
    timeouts: { connectMs: 3 },
    ifMissing: 'error',
    dryRun: true,
    skipUnchanged: false,
    evaluator: { commitHash: 'c' },
  }
  expect(withFlags(config, NONE, {})).toEqual(config)
})

test('--include and --exclude add to the lists, --no-gitignore wins', () => {
  const { source } = merged({}, { include: ['j'], exclude: ['f'], gitignore: false })
  expect(source).toEqual({ dir: 'd', include: ['i', 'j'], exclude: ['e', 'f'], gitignore: false })
  expect(merged({ source: 'd' }, { exclude: ['f'] }).source).toEqual({ dir: 'd', exclude: ['f'] })
})

test('a flag for folders is wrong usage if the config lists the files one by one', () => {
  expect(() => merged({ source: { files: {} } }, { exclude: ['f'] })).toThrow(/are for folders/)
  expect(merged({ source: { files: {} } }, { force: true }).source).toEqual({ files: {} })
})

test('--timeout and --wait keep the other values of the config', () => {
  expect(merged({ timeouts: { connectMs: 3, totalMs: 9 } }, { timeout: 7 }).timeouts).toEqual({
    connectMs: 3,
    totalMs: 7,
  })
  expect(merged({ wait: { intervalMs: 5 } }, { wait: 60 }).wait).toEqual({ intervalMs: 5, timeoutMs: 60 })
  expect(merged({ wait: { intervalMs: 5 } }, { wait: true }).wait).toEqual({ intervalMs: 5 })
  expect(merged({ wait: false }, { wait: true }).wait).toBe(true)
  expect(merged({}, { wait: 60 }).wait).toEqual({ timeoutMs: 60 })
})

test('--no-create, --dry-run and --force win', () => {
  const flags = { create: false, dryRun: true, force: true } as const
  const config = { ifMissing: 'create', dryRun: false, skipUnchanged: true } as const
  expect(merged(config, flags)).toMatchObject({ ifMissing: 'error', dryRun: true, skipUnchanged: false })
})

test('a field of a flag replaces that of the config, and no other', () => {
  const config = { ...FOLDER, evaluator: { commitHash: 'old', displayName: 'A' } }
  const { evaluator } = withFlags(config, NONE, { commitHash: 'new', defaultDataset: 'd' })
  expect(evaluator).toEqual({ commitHash: 'new', displayName: 'A', defaultDataset: 'd' })
})

function requirementsOf(bytes: Uint8Array): Promise<string | undefined> {
  const dir = mkdtempSync(join(tmpdir(), 'fw-requirements-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  writeFileSync(join(dir, 'r.txt'), bytes)
  return evaluatorFields({ ...NONE, requirements: join(dir, 'r.txt') }).then(
    ({ requirements }) => requirements,
  )
}

const TEXT = 'requests\r\nnumpy>=2  # zwölf\r\n'
const UTF_16 = Buffer.from(`\uFEFF${TEXT}`, 'utf16le')

test.each([
  ['UTF-8', Buffer.from(TEXT)],
  ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`)],
  ['UTF-16, as PowerShell writes it', UTF_16],
  ['UTF-16, the other way round', Buffer.from(UTF_16).swap16()],
])('--requirements in %s is sent as it was meant', async (_, bytes) => {
  expect(await requirementsOf(bytes)).toBe(TEXT)
})

test.each([
  ['Latin-1', Buffer.from(TEXT, 'latin1')],
  ['half of UTF-16', UTF_16.subarray(0, 5)],
])('--requirements in %s is refused', async (_, bytes) => {
  await expect(requirementsOf(bytes)).rejects.toMatchObject({
    code: 'FW_SOURCE',
    message: expect.stringMatching(/r\.txt of --requirements is no text in utf-/),
  })
})
