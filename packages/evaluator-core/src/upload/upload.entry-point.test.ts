import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { type Bench, bench } from '../../test/bench.ts'
import { temporaryFolder } from '../../test/test-tree.ts'

const TEST = '@evaluation_test()\ndef test_a(row):\n    return row\n'
const OTHER = '@evaluation_test()\ndef test_b(row):\n    return row\n'
const source = (files: Record<string, string>) => ({ source: { files } })
const READS = ['get', 'sourceUrl', 'verifyApiKey', 'download']

/** Whatever an upload does beside looking. */
const changes = ({ emulator }: Bench) =>
  emulator.requests.map(({ step }) => step ?? '').filter((step) => !READS.includes(step))

describe('fails before anything is changed', () => {
  test.each([
    [
      'two',
      { 'test_a.py': TEST, 'lib/test_b.py': OTHER },
      /test_b \(lib\/test_b\.py:2\), test_a \(test_a\.py:2\)/,
    ],
    ['none', { 'score.py': 'x = 1\n' }, /no function of the source is decorated/],
    ['no Python', { 'index.js': '' }, /the source has no Python file/],
    ['a syntax error', { 'test_a.py': `${TEST}\n\ndef broken(:\n    pass\n` }, /test_a\.py:6 \(/],
    [
      'a syntax error elsewhere',
      { 'test_a.py': TEST, 'lib/b.py': '\n\nx = = 1\n' },
      /lib\/b\.py:3 \(.*as Python 3/,
    ],
    ['text that is not UTF-8', { 'test_a.py': TEST, 'b.py': '# -*- coding: nonsense -*-\n' }, /b\.py:1 \(/],
    ['dependencies elsewhere', { 'test_a.py': TEST, Pipfile: '' }, /requirements\.txt is missing.*Pipfile/],
  ])('%s', async (_, files, message) => {
    const made = await bench()
    const error = await made.uploadFails(source(files))
    expect(error).toMatchObject({ code: 'FW_SOURCE', message: expect.stringMatching(message) })
    expect(error.message).toMatch(/^Evaluator my-evaluator: /)
    expect(changes(made)).toEqual([])
    const dry = await made.uploadFails({ ...source(files), dryRun: true })
    expect(dry).toMatchObject({ code: 'FW_SOURCE', message: error.message })
  })
})

test('one that says that none is meant goes up without', async () => {
  const { upload, emulator } = await bench()
  const files = { 'test_a.py': TEST, 'test_b.py': OTHER, 'broken.py': 'x = = 1' }
  const result = await upload({ ...source(files), evaluator: { entryPoint: false } })
  expect(result.outcome).toBe('uploaded')
  expect(result.evaluator?.entryPoint ?? '').toBe('')
  const created = emulator.requests.find(({ step }) => step === 'create')
  expect(JSON.stringify(created?.body)).not.toContain('entryPoint')
})

test('where several are found, that of the service stays', async () => {
  const { upload, emulator } = await bench()
  const wait = { intervalMs: 1 }
  await upload({ ...source({ 'test_a.py': TEST }), wait })
  const two = source({ 'test_a.py': TEST + OTHER })
  expect((await upload({ ...two, wait })).evaluator?.entryPoint).toBe('test_a.py::test_a')
  expect((await upload(two)).outcome).toBe('unchanged')
  expect(emulator.requests.findLast(({ step }) => step === 'prepare')?.body).toEqual({})
})

test('an evaluator without an entry point gets the one that the same source has', async () => {
  const { upload } = await bench()
  const wait = { intervalMs: 1 }
  await upload({ wait, evaluator: { entryPoint: false } })
  expect((await upload({ evaluator: { entryPoint: false } })).outcome).toBe('unchanged')
  expect(await upload({ wait })).toMatchObject({
    outcome: 'uploaded',
    evaluator: { entryPoint: 'test_scorer.py::test_scorer' },
  })
})

test('given requirements are text: a mark is no part of them, and a NUL is refused', async () => {
  const made = await bench()
  const error = await made.uploadFails({ evaluator: { requirements: 'requests\0' } })
  expect(error).toMatchObject({ code: 'FW_SOURCE', message: expect.stringMatching(/NUL/) })
  expect(made.emulator.requests).toEqual([])
  expect((await made.upload({ evaluator: { requirements: '\uFEFFrequests' } })).evaluator).toMatchObject({
    requirements: 'requests',
  })
})

test('given requirements are the dependencies', async () => {
  const { upload } = await bench()
  const files = { 'test_a.py': TEST, Pipfile: '' }
  expect((await upload({ ...source(files), evaluator: { requirements: 'a' } })).outcome).toBe('uploaded')
})

describe.skipIf(process.platform === 'win32')('python3', () => {
  const BROKEN = `${TEST}\n\ndef broken(:\n    pass\n`
  const ODD = `${TEST}\nx = = 1\n`

  function usePython(script: string | undefined): void {
    const folder = temporaryFolder()
    if (script !== undefined) {
      writeFileSync(join(folder, 'python3'), script)
      chmodSync(join(folder, 'python3'), 0o755)
    }
    vi.stubEnv('PATH', folder)
  }

  test.each([
    ['is missing', undefined],
    ['can not be started', 'no script'],
    ['fails', '#!/bin/sh\nexit 9\n'],
    ['is too old', `#!/bin/sh\nexit 0\n`],
    ['is killed in the middle', `#!/bin/sh\nprintf '{"number": 0, "li'\nkill -9 $$\n`],
  ])('%s: our own reader decides', async (_, script) => {
    usePython(script)
    const { upload, uploadFails } = await bench()
    expect(await uploadFails(source({ 'test_a.py': BROKEN }))).toMatchObject({
      message: expect.stringMatching(/test_a\.py:6 \('\(' was never closed\)\.$/),
    })
    // What it is not sure of goes up.
    const result = await upload(source({ 'test_a.py': ODD }))
    expect(result.evaluator?.entryPoint).toBe('test_a.py::test_a')
  })

  test('runs nothing of the source, and nothing that its folder or variables name', async () => {
    const dir = temporaryFolder()
    const mark = join(dir, 'mark')
    const harm = `open(${JSON.stringify(mark)}, 'w').close()\n`
    for (const name of ['json.py', 'sitecustomize.py', 'usercustomize.py'])
      writeFileSync(join(dir, name), harm)
    writeFileSync(join(dir, 'test_a.py'), harm + TEST)
    vi.stubEnv('PYTHONPATH', dir)
    vi.stubEnv('PYTHONSTARTUP', join(dir, 'json.py'))
    const { upload } = await bench()
    expect((await upload({ source: dir, dryRun: true })).archive.entries.map(({ path }) => path)).toEqual([
      'json.py',
      'requirements.txt',
      'sitecustomize.py',
      'test_a.py',
      'usercustomize.py',
    ])
    expect(existsSync(mark)).toBe(false)
  })

  test('is ended with the upload', async () => {
    usePython('#!/bin/sh\nread line\nexec /bin/sleep 60\n')
    const controller = new AbortController()
    const { upload } = await bench()
    const uploading = upload({ signal: controller.signal, dryRun: true })
    setTimeout(() => controller.abort(), 100)
    await expect(uploading).rejects.toMatchObject({ code: 'FW_ABORTED' })
  })
})
