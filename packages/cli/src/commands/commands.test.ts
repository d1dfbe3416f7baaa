import { expect, test } from 'vitest'
import { bench, steps } from '../../test/bench.ts'
import { uploaded } from '../../test/upload-first.ts'

test('status shows the evaluator, by its id or its whole name', async () => {
  const { run, json } = await uploaded()
  const { stdout, code } = await run(['status', 'my-evaluator'])
  expect(stdout).toMatch(
    /name {10}accounts\/emulator\/evaluators\/my-evaluator\nstate {9}ACTIVE\nbuild {9}OK: Template/,
  )
  expect(code).toBe(0)
  const { result } = await json(['status', 'accounts/emulator/evaluators/my-evaluator'])
  expect(result).toMatchObject({ evaluator: { state: 'ACTIVE', displayName: '採点' } })
})

test('status of a missing evaluator: exit code 1, and one document', async () => {
  const { json } = await bench()
  const { code, error, stderr } = await json(['status', 'gone'])
  expect(error).toMatchObject({ code: 'FW_NOT_FOUND', status: 404 })
  expect(stderr).toMatch(/✖ Could not read evaluator gone/)
  expect(code).toBe(1)
})

test('list: a table for people; the service evaluates --filter and --order-by', async () => {
  const { run, json } = await uploaded()
  await json(['upload', 'src', '--id', 'another', '--wait', '--display-name', 'B'])
  const { stdout } = await run(['list'])
  expect(stdout).toMatch(/^id {12}state {3}display name {2}updated\nanother {7}ACTIVE {2}B/)
  const ids = async (...flags: string[]) => JSON.stringify((await json(['list', ...flags])).result)
  expect(await ids('--filter', 'displayName = "B"')).toMatch(/another/)
  expect(await ids('--filter', 'displayName = "B"')).not.toMatch(/my-evaluator/)
  expect(await ids('--order-by', 'createTime')).toMatch(/my-evaluator.*another/)
  expect(await ids('--order-by', 'createTime desc')).toMatch(/another.*my-evaluator/)
})

test('an account without evaluators: nothing on stdout', async () => {
  const { run } = await bench()
  expect(await run(['list'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'Account emulator has no evaluators yet.\n',
  })
})

test('logs prints the build log and nothing else on stdout', async () => {
  const { run, json } = await uploaded()
  const { stdout, stderr, code } = await run(['logs', 'my-evaluator'])
  expect(stdout).toMatch(/^Unpacked 2 files[\s\S]*Template built successfully\n$/)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect((await json(['logs', 'my-evaluator'])).result).toMatchObject({ state: 'ACTIVE', log: stdout })
})

test('logs --follow goes on until the build ends, and fails if the build failed', async () => {
  const { run, emulator } = await uploaded()
  // In the first two requests the build has no log yet.
  const building = JSON.stringify({ name: 'accounts/emulator/evaluators/my-evaluator', state: 'BUILDING' })
  const noLog = JSON.stringify({ code: 9, message: 'no build log available for this evaluator', details: [] })
  emulator.faults.add(
    { step: 'get', times: 2, do: { kind: 'status', status: 200, body: building } },
    { step: 'buildLog', times: 2, do: { kind: 'status', status: 400, body: noLog } },
  )
  const followed = await run(['logs', 'my-evaluator', '--follow'])
  expect(followed).toMatchObject({ code: 0, stdout: expect.stringContaining('Template built') })
  expect(followed.stderr).toBe(
    'my-evaluator is BUILDING and has no log yet.\nmy-evaluator is ACTIVE: Template built successfully\n',
  )
  expect(emulator.faults.pending).toEqual([])

  emulator.faults.add({ step: 'validate', do: { kind: 'build-fails', log: 'broken\n' } })
  await run(['upload', 'src', '--id', 'other', '--wait'])
  const failed = await run(['logs', 'other', '--follow'])
  expect(failed).toMatchObject({ code: 1, stdout: 'broken\n', stderr: expect.stringMatching(/BUILD_FAILED/) })
})

test('without --follow a missing log is an error', async () => {
  const { run } = await bench({ buildMs: 60_000 })
  await run(['upload', 'src', '--id', 'my-evaluator'])
  expect(await run(['logs', 'my-evaluator'])).toMatchObject({ code: 1, stdout: '' })
})

test('the text of a log cannot move the cursor or set a title', async () => {
  const log = '\u001b[2J\u001b]0;title\u0007a\u0007b\u001b[31mc\td\n'
  const { run } = await bench({ faults: [{ step: 'validate', do: { kind: 'build-fails', log } }] })
  await run(['upload', 'src', '--id', 'my-evaluator'])
  expect((await run(['logs', 'my-evaluator', '--follow'])).stdout).toBe('a\uFFFDbc\td\n')
})

test('delete needs a yes: without a terminal it is wrong usage, --yes deletes', async () => {
  const { run, json, emulator } = await uploaded()
  expect(await run(['delete', 'my-evaluator'])).toMatchObject({ code: 2, stdout: '' })
  expect(emulator.evaluators.get('my-evaluator')).toBeDefined()
  const { result } = await json(['delete', 'my-evaluator', '--yes'])
  expect(result).toEqual({ name: 'accounts/emulator/evaluators/my-evaluator' })
  expect(emulator.evaluators.list()).toEqual([])
})

test('pack writes what upload would send, named by --id or by the file', async () => {
  const { json, run, read, write } = await uploaded()
  await write({ 'src/.gitignore': 'a.js\n', 'src/a.js': '1', 'src/b.js': '2' })
  const digest = async (...flags: string[]) => {
    const { result } = await json(['pack', 'src', '-o', 'out/../my-evaluator.tar.gz', ...flags])
    return JSON.stringify(result)
  }
  expect(await digest()).toMatch(/"evaluatorId":"my-evaluator"/)
  expect(await digest('--id', 'other')).toMatch(/"evaluatorId":"other"/)
  expect(await digest('--include', 'a.js')).toMatch(/"a\.js"/)
  expect(await digest('--no-gitignore')).toMatch(/"a\.js"/)
  expect(await digest('--exclude', 'b.js')).not.toMatch(/"path":"b\.js"/)
  expect(await digest('--entry-point', 'test_scorer.py::test_scorer')).toMatch(/"entryPoint":"test_scorer.py/)
  expect((await run(['pack', 'src', '-o', 'x.tar.gz', '--entry-point', 'gone.py::f'])).code).toBe(1)
  expect((await run(['pack', 'src', '--out', 'x.tar.gz'])).stdout).toMatch(/^Wrote x\.tar\.gz\n/)
  expect((await read('x.tar.gz')).length).toBeGreaterThan(100)
  // Without --out it is in the working directory, with its own name.
  expect((await run(['pack', 'src', '--id', 'named'])).stdout).toMatch(/^Wrote named\.tar\.gz\n/)
  expect((await read('named.tar.gz')).length).toBeGreaterThan(100)
})

test('inspect: a folder and its archive show the same files and digests', async () => {
  const { json, run, write } = await bench()
  await write({
    'src/.env': 'A=1',
    'src/data/採点.txt': 'x'.repeat(2000),
    'src/.gitignore': '*.log\n',
    'src/a.log': '',
  })
  await run(['pack', 'src', '-o', 'e.tar.gz', '--id', 'my-evaluator'])
  const folder = (await json(['inspect', 'src', '--id', 'my-evaluator'])).result
  const archive = (await json(['inspect', 'e.tar.gz'])).result
  const files = [
    { path: '.gitignore' },
    { path: 'data/採点.txt', size: 2000 },
    { path: 'requirements.txt' },
    { path: 'test_scorer.py' },
  ]
  expect(folder).toMatchObject({
    kind: 'folder',
    top: 'my-evaluator',
    files,
    entryPoint: 'test_scorer.py::test_scorer',
  })
  expect(archive).toMatchObject({ kind: 'archive', top: 'my-evaluator', files, problems: [], leftOut: [] })
  const digests = (of: unknown): string[] => JSON.stringify(of).match(/"(sha256|md5)":"[0-9a-f]+"/g) ?? []
  expect(digests(folder)).toEqual(digests(archive))
  const { stdout } = await run(['inspect', 'src'])
  expect(stdout).toMatch(/\n2\.0 kB {2}data\/採点\.txt\n/)
  expect(stdout).toMatch(/skipped {5}\.env \(\.env files\)\n/)
  const listed = async (...flags: string[]) => (await run(['inspect', 'src', ...flags])).stdout
  expect(await listed('--include', 'a.log')).toMatch(/ B {2}a\.log\n/)
  expect(await listed('--no-gitignore')).toMatch(/ B {2}a\.log\n/)
  expect(await listed('--exclude', 'data/**')).not.toMatch(/ B {2}data\//)
})

test('inspect of a file that is not an archive, or is missing', async () => {
  const { json, write } = await bench()
  await write({ 'text.tar.gz': 'this is no archive' })
  expect((await json(['inspect', 'text.tar.gz'])).error).toMatchObject({ code: 'FW_SOURCE' })
  expect((await json(['inspect', 'gone'])).error).toMatchObject({
    code: 'FW_SOURCE',
    message: 'gone does not exist.',
  })
})

test('diff says which files an upload would change', async () => {
  const { run, json, write, temporaries } = await uploaded()
  expect((await run(['diff', 'my-evaluator', 'src'])).stdout).toMatch(/Nothing would change/)
  await write({ 'src/test_scorer.py': '# changed\n', 'src/new.py': '', 'src/.gitignore': 'new.py\n' })
  const diff = ['diff', 'my-evaluator', 'src', '--exclude', 'requirements.txt']
  const { stdout, code } = await run([...diff, '--name-only'])
  expect(stdout).toBe(
    // An upload adds an empty requirements.txt if there is none.
    '+ .gitignore  7 B\n~ requirements.txt  14 B → 0 B\n~ test_scorer.py  56 B → 10 B\n',
  )
  expect(code).toBe(0)
  expect((await run(diff)).stdout).toMatch(
    /~ test_scorer\.py {2}56 B → 10 B\n {4}@@ -1,3 \+1,1 @@\n {4}-@evaluation_test\(\)\n[\s\S]*\n {4}\+# changed\n/,
  )
  expect((await run(['diff', 'my-evaluator', 'src', '--include', 'new.py'])).stdout).toMatch(/\+ new\.py/)
  expect((await run(['diff', 'my-evaluator', 'src', '--no-gitignore'])).stdout).toMatch(/\+ new\.py/)
  const { result, ...rest } = await json(['diff', 'my-evaluator', 'src', '--exit-code'])
  expect(rest).toMatchObject({ code: 1, ok: false })
  expect(result).toMatchObject({
    sameBytes: false,
    changes: [
      { kind: 'added', path: '.gitignore' },
      { kind: 'changed', patch: expect.stringContaining('\n+# changed\n') },
    ],
  })
  expect(await temporaries()).toEqual([])
})

test('doctor: each problem with a fix; the key is never shown', async () => {
  const { json, run, emulator } = await uploaded()
  const { stdout, code } = await run(['doctor'])
  expect(code).toBe(0)
  for (const name of [
    'versions',
    'base URL',
    'proxy',
    'key',
    'service',
    'clock',
    'account',
    'write access',
    'store',
  ])
    expect(stdout).toMatch(new RegExp(`✔ ${name} {2}`))
  expect(emulator.evaluators.list()).toHaveLength(1)

  const bare = { FIREWORKS_API_KEY: '', FIREWORKS_ACCOUNT_ID: '' }
  const missing = await json(['doctor'], { env: bare })
  expect(missing.code).toBe(1)
  expect(missing.result).toMatchObject({
    checks: expect.arrayContaining([
      {
        name: 'key',
        status: 'fail',
        detail: 'not found',
        hint: expect.stringContaining('FIREWORKS_API_KEY'),
      },
    ]),
  })
  const check = async (name: string, env: NodeJS.ProcessEnv) => {
    const { checks } = Object((await json(['doctor'], { env })).result)
    return checks.find((each: { name: string }) => each.name === name)
  }
  expect(await check('service', { FIREWORKS_API_BASE: 'http://127.0.0.1:1' })).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining('ECONNREFUSED'),
  })
  expect(await check('account', { FIREWORKS_ACCOUNT_ID: 'elsewhere' })).toMatchObject({
    status: 'warn',
    hint: expect.stringContaining('emulator'),
  })
  expect(await check('settings', { FIREWORKS_API_BASE: 'ftp://x' })).toMatchObject({ status: 'fail' })
  const proxied = { HTTPS_PROXY: 'http://me:secret@proxy.example:8080', NO_PROXY: '127.0.0.1' }
  expect(await check('proxy', proxied)).toMatchObject({
    detail: 'proxy.example:8080, from HTTPS_PROXY; not for 127.0.0.1',
  })
  emulator.faults.add({ step: 'update', do: { kind: 'status', status: 403 } })
  expect(await check('write access', {})).toMatchObject({ status: 'fail' })
})

test('emulator: prints what a client needs, keeps its folder, ends on a signal', async () => {
  const { start, run, env } = await bench()
  const first = start(['emulator', '--dir', 'state', '--build-time', '20ms'])
  await first.printed(/Emulator and its page/)
  const [, key = ''] = await first.printed(/FIREWORKS_API_KEY=(\S+)/)
  const [, base = ''] = await first.printed(/FIREWORKS_API_BASE=(\S+)/)
  const client = { ...env, FIREWORKS_API_KEY: key, FIREWORKS_API_BASE: base, FIREWORKS_ACCOUNT_ID: '' }
  expect((await run(['upload', 'src', '--id', 'kept', '--wait=1500ms'], { env: client })).code).toBe(0)
  await first.printed(/200 PUT/)
  first.child.kill('SIGTERM')
  expect((await first.ended).code).toBe(143)

  const port = new URL(base).port
  const second = start(['emulator', '--dir', 'state', '--port', port, '--json'])
  const [, url] = await second.printed(/"url": "(.*)"/)
  expect(url).toBe(base)
  expect((await run(['status', 'kept'], { env: client })).stdout).toMatch(/ACTIVE/)
  second.child.kill('SIGINT')
  const { code, stdout } = await second.ended
  expect(code).toBe(130)
  expect(JSON.parse(stdout)).toMatchObject({ command: 'emulator', ok: true, result: { apiKey: key } })
})

test('emulator: the error names a port in use, and --store-port is a port too', async () => {
  const { start, run } = await bench()
  const one = start(['emulator', '--json'])
  const [, storePort = ''] = await one.printed(/"storeUrl": "http:\/\/127\.0\.0\.1:(\d+)"/)
  const two = await run(['emulator', '--store-port', storePort])
  expect(two).toMatchObject({ code: 2, stderr: expect.stringContaining('could not start') })
  one.child.kill('SIGINT')
  await one.ended
})

test('--verbose prints stacks, and so does DEBUG=fw-evaluator; otherwise there are none', async () => {
  const { run, emulator } = await bench()
  const said = async (args: string[], env: NodeJS.ProcessEnv = {}) =>
    (await run(['status', 'gone', ...args], { env })).stderr
  expect(await said([])).not.toMatch(/\n\s+at /)
  expect(await said(['--verbose'])).toMatch(/\n\s+at /)
  expect(await said([], { DEBUG: 'fw-evaluator' })).toMatch(/\n\s+at /)
  expect(steps(emulator)).toEqual(['get', 'get', 'get'])
})
