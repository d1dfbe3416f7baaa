import { generateKeyPairSync } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Bench, bench, SOURCE } from '../../test/bench.ts'
import { type Fake, withFakePython } from '../../test/fake-python.ts'

/** An evaluator in `e`, whose fake Python does what `fake` says. */
async function evaluator(fake: Fake, files: Record<string, string> = {}): Promise<Bench & { log: string }> {
  const made = await bench()
  const { log } = await withFakePython(made)
  const all = { ...SOURCE, 'fake.json': JSON.stringify(fake), ...files }
  await made.write(Object.fromEntries(Object.entries(all).map(([path, text]) => [`e/${path}`, text])))
  return { ...made, log }
}

// The fake programs are scripts.
const posix = test.skipIf(process.platform === 'win32')

posix('rows, scores, times and reasons in the order of the dataset', async () => {
  const { run, json } = await evaluator({ rows: [[1], [0.123456, true, 'a\nreason']] })
  const { code, stdout, stderr } = await run(['test', 'e'])
  expect(stdout).toMatch(
    /^row {3}score {3}time {2}reason\n1 {9}1 {2}12 ms .*\n2 {4}0\.1235 {2}12 ms {2}a reason\n/,
  )
  expect(stdout).toMatch(/✔ test_scorer\.py::test_scorer 2 rows, mean 0\.5617, /)
  expect(stderr).toContain('Running test_scorer.py::test_scorer')
  expect(code).toBe(0)
  const { result } = await json(['test', 'e'])
  expect(result).toMatchObject({
    evaluatorId: 'e',
    entryPoint: 'test_scorer.py::test_scorer',
    rows: [
      { id: 'row-0', score: 1, isScoreValid: true, ms: 12 },
      { id: 'row-1', score: 0.123456, reason: 'a\nreason' },
    ],
    mean: 0.561728,
    problems: [],
  })
})

posix('what goes up is what runs: an archive, and a folder without what stays out', async () => {
  const { run, json } = await evaluator({ rows: [[1]] }, { '.gitignore': 'fake.json\n' })
  // The fake finds no fake.json.
  expect(await json(['test', 'e'])).toMatchObject({ code: 1, ok: false })
  await run(['pack', 'e', '--id', 'packed', '--include', 'fake.json', '-o', 'packed.tar.gz'])
  expect(await json(['test', 'packed.tar.gz'])).toMatchObject({ code: 0, result: { evaluatorId: 'packed' } })
  expect(await json(['test', 'e', '--include', 'fake.json', '--id', 'b'])).toMatchObject({
    code: 0,
    result: { evaluatorId: 'b' },
  })
})

posix('an evaluator of a config: the one that --id names, or the only one', async () => {
  const { json, write, dir } = await evaluator({ rows: [[1]] })
  const one = (evaluatorId: string) => ({ evaluatorId, source: 'e' })
  await write({ 'two.json': JSON.stringify([one('first'), one('second')]) })
  expect(await json(['test', '--config', 'two.json', '--id', 'second'])).toMatchObject({
    code: 0,
    result: { evaluatorId: 'second', entryPoint: 'test_scorer.py::test_scorer' },
  })
  for (const [id, message] of [
    [[], /names 2 evaluators; say which one/],
    [['--id', 'third'], /names no evaluator third/],
  ] as const) {
    expect(await json(['test', '--config', 'two.json', ...id])).toMatchObject({
      code: 2,
      error: { message: expect.stringMatching(message), hint: 'Name one with --id: first, second' },
    })
  }
  expect(await json(['test', 'e', '--config', 'two.json'])).toMatchObject({
    code: 2,
    error: { message: '--config and "e" cannot be given together.' },
  })
  // The project's own config, as the other commands find it.
  const entryPoint = 'test_scorer.py::test_scorer'
  await write({ 'fw-evaluators.json': JSON.stringify({ ...one('own'), evaluator: { entryPoint } }) })
  const own = { code: 0, result: { evaluatorId: 'own' } }
  expect(await json(['test'])).toMatchObject(own)
  expect(await json(['test', '--id', 'other'], { cwd: join(dir, 'e') })).toMatchObject({
    result: { evaluatorId: 'other' },
  })
})

posix('what looks like a secret is left to be judged by the user, as for an upload', async () => {
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
  const { json } = await evaluator({ rows: [[1]] }, { 'notes.txt': String(key) })
  expect(await json(['test', 'e'])).toMatchObject({ code: 1, error: { code: 'FW_SECRET' } })
  expect(await json(['test', 'e', '--allow-secret', 'notes.txt'])).toMatchObject({ code: 0 })
})

posix('the packages are installed once for the same requirements', async () => {
  const { run, write, log } = await evaluator({ rows: [[1]] })
  const installs = async () => (await readFile(log, 'utf8')).match(/^pip install.*$/gm)
  expect((await run(['test', 'e'])).stderr).toContain('Installing')
  expect((await run(['test', 'e'])).stderr).not.toContain('Installing')
  expect(await installs()).toEqual([expect.stringMatching(/-r .*requirements\.txt eval-protocol>=/)])
  await write({ 'e/requirements.txt': 'eval-protocol\nother\n' })
  await run(['test', 'e'])
  expect(await installs()).toHaveLength(2)
})

posix('without a model the rows are scored as they are, and that no answer is there is said', async () => {
  const { json } = await evaluator({ rows: [[1], [0]] })
  const none = await json(['test', 'e'])
  expect(JSON.stringify(none.result)).toContain('2 rows of 2 have no answer to score')
  const row = (document: { result?: unknown }) => JSON.stringify(document.result)
  expect(row(none)).toContain(String.raw`\"1\",null]`)
  const asked = await json(['test', 'e', '--model', 'm'])
  expect(asked.result).toMatchObject({ model: 'm', warnings: [] })
  expect(row(asked)).toContain('null,')
  const env = { EP_COMPLETION_PARAMS: '[{"model":"of-the-environment"}]' }
  expect(row(await json(['test', 'e'], { env }))).toContain('of-the-environment')
})

posix('the entry point that is named is run', async () => {
  const { json } = await evaluator({ rows: [[1]] }, { 'test_other.py': SOURCE['test_scorer.py'] })
  const { result } = await json(['test', 'e', '--entry-point', 'test_other.py::test_scorer'])
  expect(JSON.stringify(result)).toContain(String.raw`\"-vs\",\"test_other.py::test_scorer\"`)
})

const failures: [string, Fake, string[], RegExp][] = [
  [
    'an import error',
    { exit: 2, print: 'E   ModuleNotFoundError: No module named x' },
    [],
    /No module named x/,
  ],
  ['an invalid score', { rows: [[1], [0, false, 'broke']] }, [], /1 score of 2 is not valid/],
  ['fewer rows than asked', { rows: [[1], [0]] }, ['--rows', '3'], /Only 2 rows came out of 3/],
  ['no row at all', {}, [], /No row was scored/],
  ['an endless loop', { rows: [[1]], hangs: true }, ['--timeout', '2s'], /within 2\.0 s, and was ended/],
]
posix.each(failures)('exit code 1 and the reason for %s', async (_, fake, flags, reason) => {
  const { run, json } = await evaluator(fake)
  const { code, stdout } = await run(['test', 'e', ...flags])
  expect(code).toBe(1)
  expect(stdout).toMatch(reason)
  expect(await json(['test', 'e', ...flags])).toMatchObject({
    ok: false,
    code: 1,
    result: { problems: [expect.stringMatching(reason)] },
  })
})

posix('scores that are all equal are a warning, one row alone is none', async () => {
  const { json } = await evaluator({ rows: [[0.5], [0.5]] })
  const env = { EP_COMPLETION_PARAMS: '[{"model":"m"}]' }
  expect(await json(['test', 'e'], { env })).toMatchObject({
    code: 0,
    result: { warnings: ['All scores are 0.5: nothing can be learned from them.'] },
  })
  expect(await json(['test', 'e', '--rows', '1'], { env })).toMatchObject({ result: { warnings: [] } })
})

posix('requirements that can not be installed: the reason, and nothing is kept', async () => {
  const { json, log } = await evaluator({}, { 'requirements.txt': 'no-such-package\n' })
  for (const _ of [1, 2]) {
    const { code, error } = await json(['test', 'e'])
    expect(error).toMatchObject({ code: 'FW_SOURCE', message: expect.stringContaining('no-such-package') })
    expect(code).toBe(1)
  }
  expect((await readFile(log, 'utf8')).match(/^pip install/gm)).toHaveLength(2)
})

test('without Python: a message that says what to install, before anything runs', async () => {
  const { json, write, dir } = await bench()
  await write({ 'empty/x': '' })
  const { code, error } = await json(['test', 'src'], { env: { PATH: join(dir, 'empty') } })
  expect(error).toMatchObject({ code: 'FW_CONFIG', hint: expect.stringContaining('uv') })
  expect(code).toBe(2)
})

test('a missing folder, and one without a test, have their own error', async () => {
  const { json, dir } = await bench()
  expect(await json(['test', 'nowhere'])).toMatchObject({ code: 1, error: { code: 'FW_SOURCE' } })
  await mkdir(join(dir, 'bare'))
  await writeFile(join(dir, 'bare/requirements.txt'), '')
  expect(await json(['test', 'bare'])).toMatchObject({ code: 1, error: { code: 'FW_SOURCE' } })
})

posix('--from-build runs the build, and tests the archive that the plugin packs', async () => {
  const { json, write, run } = await evaluator({ rows: [[1]] })
  await run(['pack', 'e', '--id', 'built', '-o', 'built.tar.gz'])
  const build = `
    const { copyFileSync, writeFileSync } = require('node:fs')
    copyFileSync('../built.tar.gz', process.env.FW_EVALUATOR_PACK + '/built.tar.gz')
    writeFileSync(process.env.FW_EVALUATOR_PACK + '/built.json', '{"entryPoint":"test_scorer.py::test_scorer"}')
  `
  await write({ 'app/build.js': build, 'app/package.json': '{"scripts":{"build":"node build.js"}}' })
  expect(await json(['test', 'app', '--from-build'])).toMatchObject({
    code: 0,
    result: { evaluatorId: 'built' },
  })
  expect(await json(['test', '--from-build=node build.js', 'app'])).toMatchObject({ code: 0 })
  expect(await json(['test', '--from-build=exit 3', 'app'])).toMatchObject({
    code: 1,
    error: { code: 'FW_SOURCE', message: expect.stringContaining('ended with 3') },
  })
  expect(await json(['test', '--from-build=true', 'app'])).toMatchObject({
    error: { message: 'true packed no evaluator.' },
  })
  const says = String.raw`printf '\033[31m[!] a was not uploaded (FW_SOURCE): no default export\033[0m\n'; exit 1`
  expect(await json(['test', `--from-build=${says}`, 'app'])).toMatchObject({
    code: 1,
    error: { message: 'The build failed: no default export' },
  })
  expect(await json(['test', '--from-build=true', '--config', 'a.json'])).toMatchObject({ code: 2 })
})
