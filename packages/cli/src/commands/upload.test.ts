import { expect, test } from 'vitest'
import { bench, steps } from '../../test/bench.ts'

test('upload --wait: the evaluator is ACTIVE, progress on stderr, the result on stdout', async () => {
  const { run, emulator, temporaries } = await bench()
  const { code, stdout, stderr } = await run(['upload', 'src', '--id', 'my-evaluator', '--wait'])
  expect(stderr).toMatch(/packed.*\n.*prepared.*\n.*got the upload URL.*\n.*sent.*\n.*validated.*\n.*built/)
  expect(stdout).toMatch(
    /^Uploaded accounts\/emulator\/evaluators\/my-evaluator ACTIVE\n.*2 files\nsha256 [0-9a-f]{64}\nhttp:\/\/127\.0\.0\.1:\d+\/\n$/,
  )
  expect(code).toBe(0)
  expect(emulator.evaluators.get('my-evaluator')?.state).toBe('ACTIVE')
  expect(await temporaries()).toEqual([])
})

test('without --wait it ends when the build has begun', async () => {
  const { json } = await bench({ buildMs: 60_000 })
  const { result, code } = await json(['upload', 'src', '--id', 'my-evaluator'])
  expect(result).toMatchObject({ outcome: 'uploaded', evaluator: { state: 'BUILDING' } })
  expect(code).toBe(0)
})

test('--wait=500ms fails after that time, with exit code 1', async () => {
  const { json } = await bench({ buildMs: 60_000 })
  const { error, code } = await json(['upload', 'src', '--id', 'my-evaluator', '--wait=500ms'])
  expect(error).toMatchObject({ code: 'FW_TIMEOUT', message: expect.stringContaining('0.5 s') })
  expect(code).toBe(1)
})

test('--wait takes its time with = only: the word after it is the folder', async () => {
  const { json } = await bench()
  const { result } = await json(['upload', '--id', 'my-evaluator', '--wait', 'src'])
  expect(result).toMatchObject({ evaluator: { state: 'ACTIVE' }, archive: { entries: [{}, {}] } })
})

test('a build that fails is exit code 1, with the log', async () => {
  const { run } = await bench({
    faults: [{ step: 'validate', do: { kind: 'build-fails', log: 'no such module\n' } }],
  })
  const { code, stdout, stderr } = await run(['upload', 'src', '--id', 'my-evaluator', '--wait'])
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(
    /✖ The build of evaluator my-evaluator failed.*\n {2}no such module\n {2}hint .*\n {2}code FW_BUILD_FAILED/,
  )
})

test('the service gets every field that a flag sets', async () => {
  const { json, emulator, write } = await bench()
  await write({ 'more.txt': 'numpy\n', 'src/other.py': 'def other(row):\n    return row\n' })
  const flags = {
    '--display-name': 'Mine',
    '--description': 'what it is',
    '--entry-point': 'other.py::other',
    '--requirements': 'more.txt',
    '--commit-hash': 'abc123',
    '--default-dataset': 'accounts/emulator/datasets/d',
  }
  const { code } = await json(['upload', 'src', '--id', 'my-evaluator', ...Object.entries(flags).flat()])
  expect(code).toBe(0)
  expect(emulator.evaluators.get('my-evaluator')?.resource).toMatchObject({
    displayName: 'Mine',
    description: 'what it is',
    entryPoint: 'other.py::other',
    requirements: 'numpy\n',
    commitHash: 'abc123',
    defaultDataset: 'accounts/emulator/datasets/d',
  })
})

test('--requirements with a missing file: wrong usage', async () => {
  const { json } = await bench()
  const { code, error } = await json(['upload', 'src', '--id', 'x', '--requirements', 'gone.txt'])
  expect(error).toMatchObject({ code: 'FW_USAGE', message: expect.stringContaining('gone.txt') })
  expect(code).toBe(2)
})

test('--include, --exclude and --no-gitignore select the files', async () => {
  const { json, write } = await bench()
  await write({
    'src/.gitignore': '*.js\n',
    'src/a.js': '',
    'src/b.js': '',
    'src/c.txt': '',
    'src/d.txt': '',
  })
  const files = async (...flags: string[]) => {
    const { result } = await json(['upload', 'src', '--id', 'my-evaluator', '--dry-run', ...flags])
    const text = JSON.stringify(result)
    return ['a.js', 'b.js', 'c.txt', 'd.txt'].filter((name) => text.includes(`"path":"${name}"`))
  }
  expect(await files()).toEqual(['c.txt', 'd.txt'])
  expect(await files('--include', 'a.js', '--include', 'b.js')).toEqual(['a.js', 'b.js', 'c.txt', 'd.txt'])
  expect(await files('--include', 'a.js', '--exclude', 'c.txt', '--exclude', 'd.txt')).toEqual(['a.js'])
  expect(await files('--no-gitignore')).toEqual(['a.js', 'b.js', 'c.txt', 'd.txt'])
})

test('--dry-run uses no network', async () => {
  const { json, emulator } = await bench()
  const { result } = await json(['upload', 'src', '--id', 'my-evaluator', '--dry-run'])
  expect(result).toMatchObject({ outcome: 'dry-run' })
  expect(emulator.requests).toEqual([])
})

test('a second upload is unchanged; --force sends it anyway', async () => {
  const { json, emulator } = await bench()
  const upload = ['upload', 'src', '--id', 'my-evaluator', '--wait']
  await json(upload)
  expect((await json(upload)).result).toMatchObject({ outcome: 'unchanged' })
  expect(steps(emulator).filter((step) => step === 'put')).toHaveLength(1)
  expect((await json([...upload, '--force'])).result).toMatchObject({ outcome: 'uploaded' })
  expect(steps(emulator).filter((step) => step === 'put')).toHaveLength(2)
})

test('--no-create fails without such an evaluator, and creates none', async () => {
  const { json, emulator } = await bench()
  const { error, code } = await json(['upload', 'src', '--id', 'my-evaluator', '--no-create'])
  expect(error?.code).toBe('FW_NOT_FOUND')
  expect(code).toBe(1)
  expect(emulator.evaluators.list()).toEqual([])
})

test('--timeout ends an upload that takes longer', async () => {
  const { json } = await bench({ faults: [{ step: 'put', do: { kind: 'hang' } }] })
  const { error } = await json(['upload', 'src', '--id', 'my-evaluator', '--timeout', '400ms'])
  expect(error).toMatchObject({ code: 'FW_TIMEOUT', message: expect.stringContaining('400 ms') })
})

test('--account-id and --base-url win over the environment', async () => {
  const { json, emulator } = await bench()
  const env = { FIREWORKS_ACCOUNT_ID: 'elsewhere', FIREWORKS_API_BASE: 'http://127.0.0.1:1' }
  const flags = ['--account-id', emulator.accountId, '--base-url', emulator.url]
  expect((await json(['upload', 'src', '--id', 'my-evaluator', ...flags], { env })).ok).toBe(true)
})

test('missing and contradicting flags are wrong usage', async () => {
  const { run } = await bench()
  const wrong = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(args)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    return stderr
  }
  expect(await wrong('upload', 'src')).toMatch(/The id of the evaluator is missing/)
  expect(await wrong('upload', 'src', '--id', 'Not Legal')).toMatch(
    /cannot be an evaluator's id[\s\S]*not-legal/,
  )
  expect(await wrong('upload', 'src', '--id', 'a', '--shard', '1/2')).toMatch(/are for many evaluators/)
  expect(await wrong('upload', 'src', '--id', 'a', '--concurrency', '2')).toMatch(/are for many evaluators/)
  expect(await wrong('upload', '--config', 'x.json', '--id', 'a')).toMatch(/cannot be used with option/)
  expect(await wrong('upload', 'src', '--id', 'a', '--wait=soon')).toMatch(/90s, 15m/)
  expect(await wrong('upload', 'src', '--id', 'a', '--timeout', '0')).toMatch(/90s, 15m/)
})

test('a temporary failure is printed in one line, and the upload goes on', async () => {
  const { run } = await bench({ faults: [{ step: 'put', do: { kind: 'status', status: 503 } }] })
  const { code, stderr } = await run(['upload', 'src', '--id', 'my-evaluator'])
  expect(stderr).toMatch(/▲ .*503.*attempt 2/)
  expect(code).toBe(0)
})

test('files that were left out are printed by rule', async () => {
  const { run, write } = await bench()
  await write({ 'src/.env': 'A=1', 'src/node_modules/x/index.js': '' })
  const { stderr } = await run(['upload', 'src', '--id', 'my-evaluator', '--dry-run'])
  expect(stderr).toMatch(/skipped {2}\.env \(\.env files\)\n {9}node_modules\/ \(node_modules\)/)
})

test('a hint names the flag, not the option of core that it sets', async () => {
  const { json, write } = await bench({ faults: [{ step: 'put', do: { kind: 'hang' } }] })
  const slow = await json(['upload', 'src', '--id', 'my-evaluator', '--timeout', '400ms'])
  expect(slow.error?.hint).toMatch(/^Allow more time with --timeout\./)
  const missing = await json(['upload', 'src', '--id', 'gone', '--no-create'])
  expect(missing.error?.hint).toMatch(/leave out --no-create/)
  await write({ 'src/a:b.txt': 'x' })
  const name = await json(['pack', 'src', '--id', 'x'])
  expect(name.error?.hint).toMatch(/leave it out with --exclude\./)
})

test('a key that is only in a .env: the hint says that it is not read, and what to do, without its value', async () => {
  const { json, write, emulator } = await bench()
  const env = { FIREWORKS_API_KEY: '' }
  const upload = ['upload', 'src', '--id', 'a']
  const without = await json(upload, { env })
  expect(without.error?.hint).toMatch(/^Set FIREWORKS_API_KEY/)
  await write({ '.env': `OTHER=1\nexport FIREWORKS_API_KEY="${emulator.env.FIREWORKS_API_KEY}"\n` })
  const { code, error } = await json(upload, { env })
  expect(code).toBe(1)
  expect(error?.hint).toMatch(
    /^FIREWORKS_API_KEY is in \.env, which fw-evaluator does not read.* set -a; \. \.\/\.env; set \+a$/,
  )
  expect(error?.hint).not.toContain(emulator.env.FIREWORKS_API_KEY)
  await write({ '.env': 'FIREWORKS_API_KEY=\n# FIREWORKS_API_KEY=x\n' })
  expect((await json(upload, { env })).error?.hint).toBe(without.error?.hint)
})
