import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BIN, bench } from '../../test/bench.ts'
import { uploaded } from '../../test/upload-first.ts'

/** Characters that control a terminal, or change the order of text. */
const TEXTS = [
  '\u001b[31mred',
  '\u001b[2Jclear',
  '\u001b]0;title\u0007',
  '\u001b]8;;http://x.example\u001b\\link\u001b]8;;\u001b\\',
  '\u001bPdevice\u001b\\',
  '\u001bc',
  '\u001b(0',
  'bell\u0007',
  'ab\b\bcd',
  'real\rfake',
  'form\ffeed',
  'shift\u000eout',
  'del\u007f',
  '\u009b31mC1',
  '\u009d0;title\u009c',
  '\u0090device\u009c',
  'next\u0085line',
  'gnp\u202eexe',
  'a\u2066b\u2069',
  'mark\u200e\u200f\u061c',
]
const ALL = TEXTS.map((text) => `<${text}>`).join(' ')
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

const answer = (body: unknown, status = 200) =>
  ({ kind: 'status', status, body: typeof body === 'string' ? body : JSON.stringify(body) }) as const
const evaluator = {
  name: `accounts/emulator/evaluators/${ALL}`,
  state: ALL,
  status: { code: ALL, message: ALL },
  displayName: ALL,
  description: ALL,
  entryPoint: ALL,
  commitHash: ALL,
  source: { githubRepositoryName: ALL },
  createTime: ALL,
  updateTime: ALL,
}

test.each([
  ['status', 'get', answer(evaluator)],
  ['status', 'get', answer({ code: 3, message: ALL, details: [{ reason: ALL }] }, 400)],
  ['status', 'get', answer({ error: { code: ALL, message: ALL }, request_id: ALL }, 400)],
  ['status', 'get', answer(`<title>${ALL}</title>`, 404)],
  ['list', 'list', answer({ evaluators: [evaluator] })],
  ['whoami', 'accounts', answer({ accounts: [{ name: `accounts/${ALL}` }] })],
  ['logs', 'get', answer(evaluator)],
] as const)('%s prints nothing that a terminal obeys (answer to %s)', async (command, step, action) => {
  const { run, json, emulator } = await uploaded()
  const args = command === 'list' || command === 'whoami' ? [command] : [command, 'my-evaluator']
  emulator.faults.add({ step, do: action, times: 4 })
  for (const [flag, again] of [
    ['--verbose', run],
    ['--json', run],
  ] as const) {
    const { stdout, stderr } = await again([...args, flag])
    expect(stdout + stderr).not.toMatch(OBEYED)
  }
  expect(json).toBeDefined()
})

test('a build log, also in pieces, and the reason of a failed build', async () => {
  const log = `${`${ALL}\n`.repeat(2000)}`
  const { run } = await bench({ faults: [{ step: 'validate', do: { kind: 'build-fails', log } }] })
  for (const args of [
    ['upload', 'src', '--id', 'x', '--wait'],
    ['logs', 'x'],
    ['logs', 'x', '--json'],
    ['status', 'x'],
    ['status', 'x', '--json'],
  ]) {
    const { stdout, stderr } = await run(args)
    expect(stdout + stderr, args.join(' ')).not.toMatch(OBEYED)
    expect(stdout + stderr).toContain('red')
  }
})

const linux = process.platform === 'linux'

test.skipIf(!linux)('a full stdout: exit code 1, a message, and the upload is whole', async () => {
  const { emulator, dir, env } = await bench()
  const shell = (command: string): { status: number; stderr: string } => {
    const options = { cwd: dir, env, encoding: 'utf8', stdio: 'pipe' } as const
    try {
      execFileSync('sh', ['-c', command], options)
      return { status: 0, stderr: '' }
    } catch (error) {
      return Object.assign({ status: 0, stderr: '' }, error)
    }
  }
  const bin = `"${process.execPath}" "${BIN}"`
  // This process, with the emulator, is blocked, so only commands without the service can run.
  const full = shell(`${bin} inspect src > /dev/full`)
  expect(full).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('stdout cannot be written: the disk is full'),
  })
  const version = shell(`${bin} --version > /dev/full`)
  expect(version).toMatchObject({ status: 1, stderr: '✖ stdout cannot be written (ENOSPC)\n' })
  expect(shell(`${bin} inspect src 2> /dev/full > /dev/null`).status).toBe(0)
  expect(shell(`${bin} inspect gone 2> /dev/full`).status).toBe(1)
  expect(emulator.requests).toEqual([])
})

test.skipIf(!linux)(
  'a deleted working directory has its own error, and stops only commands that need one',
  async () => {
    const { dir, env } = await uploaded()
    const gone = join(dir, 'gone')
    for (const args of ['pack . --id x', 'inspect', 'init --yes', 'upload . --id x']) {
      await mkdir(gone)
      const script = `rmdir "${gone}"; "${process.execPath}" "${BIN}" ${args} --json; exit 0`
      const output = execFileSync('sh', ['-c', script], {
        cwd: gone,
        env,
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'ignore'],
      })
      rmSync(gone, { recursive: true, force: true })
      expect(JSON.parse(output).error.code, args).toMatch(/^FW_(SOURCE|USAGE)$/)
    }
  },
)
