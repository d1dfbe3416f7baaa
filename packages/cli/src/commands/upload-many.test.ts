import { expect, test } from 'vitest'
import { type Bench, bench, SOURCE, steps } from '../../test/bench.ts'

const IDS = ['one', 'two', 'three', 'four', 'five']

async function many(options: Parameters<typeof bench>[0] = {}, ids = IDS): Promise<Bench> {
  const made = await bench(options)
  for (const id of ids) {
    const files = Object.entries(SOURCE).map(([path, text]) => [`evaluators/${id}/${path}`, text])
    await made.write(Object.fromEntries(files))
  }
  return made
}

test('--config with a glob: every folder is an evaluator, over one pool', async () => {
  const { json, emulator } = await many()
  const { result, code } = await json(['upload', '--config', 'evaluators/*', '--wait'])
  expect(code).toBe(0)
  expect(result).toMatchObject({ counts: { uploaded: 5, unchanged: 0, dryRun: 0, failed: 0 } })
  expect(
    emulator.evaluators
      .list()
      .map(({ id, state }) => [id, state])
      .sort(),
  ).toEqual([...IDS].sort().map((id) => [id, 'ACTIVE']))
  expect(emulator.connections.gateway.total).toBeLessThanOrEqual(16)
})

test('one failure stops no other; running again sends only that one', async () => {
  const { run, json, emulator } = await many({
    faults: [{ step: 'validate', evaluatorId: 'three', do: { kind: 'build-fails' } }],
  })
  const first = await run(['upload', '--config', 'evaluators/*', '--wait'])
  expect(first.code).toBe(1)
  expect(first.stdout).toMatch(/5 evaluators: 4 uploaded, 1 failed\nfailed {2}three\nRun it again/)
  expect(first.stderr).toMatch(/✖ three {2,}FW_BUILD_FAILED/)
  expect(first.stderr).toMatch(/✔ five {3}uploaded/)
  const before = steps(emulator).filter((step) => step === 'put').length
  const again = await json(['upload', '--config', 'evaluators/*', '--wait'])
  expect(again.result).toMatchObject({ counts: { uploaded: 1, unchanged: 4, failed: 0 } })
  expect(steps(emulator).filter((step) => step === 'put')).toHaveLength(before + 1)
})

test.each(['ts', 'js', 'json'])(
  'a config as .%s: entries are options of core, paths relative to it',
  async (kind) => {
    const { json, emulator, write } = await many()
    const entries = [
      { evaluatorId: 'one', source: '../evaluators/one', evaluator: { displayName: 'First' } },
      { evaluatorId: 'two', source: { dir: '../evaluators/two', exclude: ['*.txt'] } },
      { evaluatorId: 'three', source: { files: { 'a.py': { path: '../evaluators/three/test_scorer.py' } } } },
    ]
    const text = JSON.stringify(entries)
    const typed = kind === 'ts' ? `export default ${text} satisfies object[]` : `export default ${text}`
    const packageJson = { 'conf/package.json': '{"type":"module"}' }
    await write({ ...packageJson, [`conf/e.${kind}`]: kind === 'json' ? text : typed })
    const { result, code } = await json(['upload', '--config', `conf/e.${kind}`])
    expect(result).toMatchObject({ counts: { uploaded: 3 } })
    expect(code).toBe(0)
    expect(emulator.evaluators.get('one')?.resource).toMatchObject({ displayName: 'First' })
  },
)

test('--shard splits the list the same way everywhere, and misses none', async () => {
  const { json } = await many()
  const part = async (shard: string): Promise<string> =>
    JSON.stringify((await json(['upload', '--config', 'evaluators/*', '--dry-run', '--shard', shard])).result)
  const parts = await Promise.all(['1/2', '2/2'].map(part))
  const ids = parts.map((text) => IDS.filter((id) => text.includes(`"id":"${id}"`)).sort())
  // Sorted: five, four, one, three, two.
  expect(ids).toEqual([
    ['five', 'one', 'two'],
    ['four', 'three'],
  ])
})

test('--concurrency limits how many run at once', async () => {
  const { run, emulator } = await many({
    faults: [{ step: 'put', times: 10, do: { kind: 'slow', delayMs: 60 } }],
  })
  let most = 0
  const open = new Set<string>()
  emulator.on('request', ({ step, evaluatorId = '' }) => {
    if (step !== 'put') return
    open.add(evaluatorId)
    most = Math.max(most, open.size)
  })
  emulator.on('response', ({ step, evaluatorId = '' }) => {
    if (step === 'put') open.delete(evaluatorId)
  })
  expect((await run(['upload', '--config', 'evaluators/*', '--concurrency', '1'])).code).toBe(0)
  expect(most).toBe(1)
})

test('an invalid config is wrong usage, and the error says what it should be', async () => {
  const { json, write } = await many()
  await write({
    'object.json': '{"evaluatorId":"a"}',
    'broken.json': '{',
    'entry.json': '[{"evaluatorId":"a"}]',
    'twice.json': '[{"evaluatorId":"a","source":"src"},{"evaluatorId":"a","source":"src"}]',
  })
  const wrong = async (...args: string[]) => {
    const { code, error } = await json(['upload', ...args])
    expect(code).toBe(2)
    return error?.message
  }
  expect(await wrong('--config', 'nowhere/*')).toMatch(/no folder matches/)
  expect(await wrong('--config', 'object.json')).toMatch(/does not export a list/)
  expect(await wrong('--config', 'broken.json')).toMatch(/cannot be read/)
  expect(await wrong('--config', 'entry.json')).toMatch(/Entry 1 .* no source/)
  expect(await wrong('--config', 'twice.json')).toMatch(/names evaluator a twice/)
  expect(await wrong('src', '--config', 'twice.json')).toMatch(/twice|cannot be given/)
})

test('if Node does not read TypeScript, jiti does', async () => {
  const { json, write } = await many()
  await write({
    'e.ts': "const id: string = 'one'\nexport default [{ evaluatorId: id, source: 'evaluators/one' }]\n",
  })
  const env = { NODE_OPTIONS: '--no-experimental-strip-types' }
  const { result } = await json(['upload', '--config', 'e.ts', '--dry-run'], { env })
  expect(result).toMatchObject({ counts: { dryRun: 1 } })
})

test('many at once share at most 16 connections for each origin, and Node prints no warning', async () => {
  const ids = Array.from({ length: 24 }, (_, i) => `e${i}`)
  const { run, emulator } = await many({}, ids)
  let most = 0
  emulator.on('request', () => {
    most = Math.max(most, emulator.connections.gateway.open, emulator.connections.store.open)
  })
  const { code, stderr } = await run(['upload', '--config', 'evaluators/*', '--concurrency', '24'])
  expect(code).toBe(0)
  expect(stderr).not.toMatch(/warning/i)
  expect(most).toBeGreaterThan(8)
  expect(most).toBeLessThanOrEqual(16)
})

test('flags for all: --exclude and --include for folders, --no-create, --force', async () => {
  const { json, write } = await many({}, ['one', 'two'])
  await write({ 'evaluators/one/.gitignore': 'a.js\n', 'evaluators/one/a.js': '', 'evaluators/two/b.js': '' })
  const upload = async (...flags: string[]): Promise<string> =>
    JSON.stringify((await json(['upload', '--config', 'evaluators/*', ...flags])).result)
  expect(await upload('--no-create')).toMatch(/"failed":2/)
  const chosen = await upload('--dry-run', '--include', 'a.js', '--exclude', 'b.js')
  expect(chosen).toMatch(/"path":"a\.js"/)
  expect(chosen).not.toMatch(/"path":"b\.js"/)
  await upload('--wait')
  expect(await upload()).toMatch(/"unchanged":2/)
  expect(await upload('--force')).toMatch(/"uploaded":2/)
})

test('--account-id and --base-url apply to all, and win over the entries', async () => {
  const { json, write, emulator } = await many({}, ['one'])
  const entry = {
    evaluatorId: 'one',
    source: 'evaluators/one',
    accountId: 'elsewhere',
    baseUrl: 'http://127.0.0.1:1',
  }
  await write({ 'e.json': JSON.stringify([entry]) })
  const flags = ['--account-id', emulator.accountId, '--base-url', emulator.url]
  expect((await json(['upload', '--config', 'e.json', ...flags])).ok).toBe(true)
})

test('a config and flags together: both exclude, and the service gets the fields of the flags', async () => {
  const { json, write, emulator } = await many({}, ['one'])
  await write({ 'evaluators/one/a.txt': '', 'evaluators/one/b.txt': '', 'evaluators/one/c.txt': '' })
  const entry = { evaluatorId: 'one', source: { dir: 'evaluators/one', exclude: ['a.txt'] } }
  await write({ 'e.json': JSON.stringify([entry]) })
  const flags = ['--exclude', 'b.txt', '--commit-hash', 'abc1234', '--default-dataset', 'd']
  const { result } = await json(['upload', '--config', 'e.json', ...flags])
  expect(JSON.stringify(result)).toMatch(/"path":"c\.txt"/)
  expect(JSON.stringify(result)).not.toMatch(/"path":"[ab]\.txt"/)
  expect(emulator.evaluators.get('one')?.resource).toMatchObject({
    commitHash: 'abc1234',
    defaultDataset: 'd',
  })
})

test('timeouts.connectMs of an entry applies to its connections', async () => {
  const { json, write } = await many({}, ['one'])
  // An address that never answers.
  const entry = {
    evaluatorId: 'one',
    source: 'evaluators/one',
    baseUrl: 'https://192.0.2.1',
    timeouts: { connectMs: 200 },
    retry: { attempts: 1 },
  }
  await write({ 'e.json': JSON.stringify([entry]) })
  const began = performance.now()
  const { result } = await json(['upload', '--config', 'e.json'], { env: { FIREWORKS_API_BASE: '' } })
  expect(result).toMatchObject({ counts: { failed: 1 } })
  expect(performance.now() - began).toBeLessThan(8000)
})
