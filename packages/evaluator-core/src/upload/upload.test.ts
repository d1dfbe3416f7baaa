import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { bench, SOURCE } from '../../test/bench.ts'

const steps = (emulator: { requests: readonly { step?: string | undefined }[] }) =>
  emulator.requests.map(({ step }) => step)

/** What a strict service would object to; that something is not there yet is no objection. */
const problems = (emulator: {
  requests: readonly { problem?: string | undefined; status?: number | undefined }[]
}) => emulator.requests.flatMap(({ problem, status }) => (status === 404 ? [] : (problem ?? [])))

test('an evaluator that does not exist is created, sent, validated and seen ACTIVE', async () => {
  const { emulator, upload, temporaries } = await bench()
  const result = await upload({ wait: { intervalMs: 5 }, evaluator: { displayName: 'Mine' } })
  expect(result).toMatchObject({
    outcome: 'uploaded',
    name: 'accounts/emulator/evaluators/my-evaluator',
    evaluator: { state: 'ACTIVE', displayName: 'Mine', entryPoint: 'test_scorer.py::test_scorer' },
    dashboardUrl: `${emulator.url}/`,
    archive: { fileName: 'my-evaluator.tar.gz' },
  })
  const [file] = emulator.evaluators.get('my-evaluator')?.files ?? []
  const bytes = (await file?.bytes()) ?? Buffer.of()
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(result.archive.sha256)
  expect(bytes.length).toBe(result.archive.size)
  expect(problems(emulator)).toEqual([])
  expect(await temporaries()).toEqual([])
})

test('without wait the call ends when the build has begun', async () => {
  const { upload, emulator } = await bench({ buildMs: 60_000 })
  expect((await upload()).evaluator?.state).toBe('BUILDING')
  expect(emulator.evaluators.get('my-evaluator')?.building).toBe(true)
})

test('the same bytes and fields again: nothing is sent', async () => {
  const { upload, emulator } = await bench()
  await upload({ wait: { intervalMs: 1 }, evaluator: { description: 'x' } })
  const before = emulator.requests.length
  const again = await upload({ evaluator: { description: 'x' } })
  expect(again).toMatchObject({ outcome: 'unchanged', evaluator: { state: 'ACTIVE' } })
  expect(steps(emulator).slice(before).sort()).toEqual(['download', 'get', 'sourceUrl'])
})

test('skipUnchanged: false sends the same bytes again', async () => {
  const { upload } = await bench()
  await upload({ wait: { intervalMs: 1 } })
  expect((await upload({ skipUnchanged: false })).outcome).toBe('uploaded')
})

test('a changed field alone is a whole upload, in place, and only what changed is patched', async () => {
  const { upload, emulator } = await bench()
  await upload({ wait: { intervalMs: 1 }, evaluator: { description: 'x', displayName: 'kept' } })
  const before = emulator.requests.length
  await upload({ wait: { intervalMs: 1 }, evaluator: { description: 'y', displayName: 'kept' } })
  const prepare = emulator.requests.slice(before).find(({ step }) => step === 'prepare')
  expect(prepare?.body).toEqual({ description: 'y' })
  expect(steps(emulator)).not.toContain('delete')
  expect(emulator.evaluators.get('my-evaluator')?.resource).toMatchObject({
    displayName: 'kept',
    description: 'y',
  })
})

test('a store that cannot say what it holds is sent the bytes', async () => {
  const { upload, emulator } = await bench()
  await upload({ wait: { intervalMs: 1 } })
  emulator.faults.add({ step: 'sourceUrl', do: { kind: 'empty-urls' } })
  expect((await upload()).outcome).toBe('uploaded')
})

test('an evaluator that is not ACTIVE is sent the same bytes again', async () => {
  const { upload, emulator, uploadFails } = await bench()
  emulator.faults.add({ step: 'validate', do: { kind: 'build-fails' } })
  await uploadFails({ wait: { intervalMs: 1 } })
  expect(await upload({ wait: { intervalMs: 1 } })).toMatchObject({
    outcome: 'uploaded',
    evaluator: { state: 'ACTIVE' },
  })
})

test("ifMissing: 'error' creates nothing", async () => {
  const { uploadFails, emulator } = await bench()
  expect(await uploadFails({ ifMissing: 'error' })).toMatchObject({
    code: 'FW_NOT_FOUND',
    message: 'Account emulator has no evaluator my-evaluator.',
  })
  expect(emulator.evaluators.list()).toEqual([])
})

test('a dry run packs, and speaks to nobody', async () => {
  const { upload, emulator } = await bench()
  const result = await upload({ dryRun: true, apiKey: '', accountId: '' })
  expect(result).toMatchObject({
    outcome: 'dry-run',
    name: 'evaluators/my-evaluator',
    archive: { entries: { length: 3 } },
  })
  expect(result.evaluator).toBeUndefined()
  expect(emulator.connections).toMatchObject({ gateway: { total: 0 }, store: { total: 0 } })
})

test('what is wrong with the source shows before anything is asked', async () => {
  const { uploadFails, emulator } = await bench()
  expect(await uploadFails({ evaluator: { entryPoint: 'missing.py::f' } })).toMatchObject({
    code: 'FW_SOURCE',
  })
  expect(await uploadFails({ source: { files: { 'a.py': '', 'A.py': '' } } })).toMatchObject({
    code: 'FW_SOURCE',
  })
  expect(emulator.requests).toEqual([])
  await expect.poll(() => emulator.connections).toMatchObject({ gateway: { open: 0 }, store: { total: 0 } })
})

test('the API key in a file is found before anything is created', async () => {
  const { uploadFails, emulator } = await bench()
  const source = { files: { ...SOURCE.files, 'config.js': `const key = '${emulator.apiKey}'` } }
  const error = await uploadFails({ source })
  expect(error).toMatchObject({ code: 'FW_SECRET', message: expect.stringContaining('config.js') })
  expect(emulator.evaluators.list()).toEqual([])
})

test('the account is asked of the service only where nothing else names it', async () => {
  const { upload, emulator } = await bench()
  expect((await upload({ accountId: '' })).name).toBe('accounts/emulator/evaluators/my-evaluator')
  expect(steps(emulator).filter((step) => step === 'verifyApiKey')).toHaveLength(1)
  await upload({ accountId: '', evaluatorId: 'accounts/emulator/evaluators/my-evaluator' })
  expect(steps(emulator).filter((step) => step === 'verifyApiKey')).toHaveLength(1)
})

test('events: every step begins and ends once, bytes go up to the size', async () => {
  const { upload, events } = await bench()
  const { archive, timings } = await upload({ wait: { intervalMs: 1 } })
  const ended = events.flatMap((event) => (event.type === 'end' ? [event.step] : []))
  expect(ended.filter((step, index) => ended.indexOf(step) === index)).toEqual(
    expect.arrayContaining(['pack', 'prepare', 'endpoint', 'put', 'validate', 'build']),
  )
  expect(events.filter((event) => event.type === 'bytes' && event.step === 'put').at(-1)).toEqual({
    type: 'bytes',
    step: 'put',
    done: archive.size,
    total: archive.size,
  })
  expect(Object.values(timings).every((ms) => ms > 0)).toBe(true)
})

test('a listener that throws is told of once and does not end the upload', async () => {
  const { upload } = await bench()
  const warnings: string[] = []
  const result = await upload({
    onProgress: () => {
      throw new Error('mine')
    },
    logger: { info: () => {}, warn: (line) => warnings.push(line) },
  })
  expect(result.outcome).toBe('uploaded')
  expect(warnings).toEqual(['onProgress threw and is not called again: mine'])
})

test('commit and repository come from the CI, unless they are given', async () => {
  const { upload, emulator } = await bench()
  const { vi } = await import('vitest')
  const hash = 'c0ffee0123'.repeat(4)
  vi.stubEnv('GITHUB_SHA', hash)
  vi.stubEnv('GITHUB_REPOSITORY', 'acme/evals')
  await upload({ wait: { intervalMs: 1 } })
  const held = () => emulator.evaluators.get('my-evaluator')?.resource
  expect(held()?.source).toMatchObject({ githubRepositoryName: 'acme/evals' })
  // Whoever works on this has changed files.
  expect(String(held()?.commitHash).replace(/\.dirty$/, '')).toBe(hash)
  vi.stubEnv('GITHUB_SHA', 'd'.repeat(40))
  expect((await upload()).outcome).toBe('unchanged')
  await upload({ evaluator: { commitHash: 'mine' } })
  expect(held()).toMatchObject({ commitHash: 'mine' })
})

test('one connection an origin', async () => {
  const { upload, emulator } = await bench()
  await upload({ wait: { intervalMs: 1 } })
  expect(emulator.connections).toMatchObject({ gateway: { total: 1 }, store: { total: 1 } })
})

test('two uploads of one evaluator at once both end well', async () => {
  const { upload, emulator } = await bench()
  const sources = ['a', 'b'].map((text) => ({ files: { ...SOURCE.files, 'which.txt': text } }))
  const results = await Promise.all(sources.map((source) => upload({ source, wait: { intervalMs: 1 } })))
  expect(results.map(({ evaluator }) => evaluator?.state)).toEqual(['ACTIVE', 'ACTIVE'])
  const [file] = emulator.evaluators.get('my-evaluator')?.files ?? []
  expect(results.map(({ archive }) => archive.md5)).toContain(file?.md5)
})

test.each(['s3', 'azure'] as const)('a store of the kind %s', async (storeFlavour) => {
  const { upload, emulator } = await bench({ storeFlavour })
  expect((await upload({ wait: { intervalMs: 1 } })).evaluator?.state).toBe('ACTIVE')
  expect((await upload()).outcome).toBe('unchanged')
  expect(problems(emulator)).toEqual([])
})

test('unknown options are refused by name', async () => {
  const { upload } = await bench()
  // @ts-expect-error the compiler refuses it too
  await expect(upload({ skipUnchangd: true })).rejects.toThrow(
    expect.objectContaining({ code: 'FW_CONFIG', hint: 'Did you mean "skipUnchanged"?' }),
  )
  // @ts-expect-error the compiler refuses it too
  await expect(upload({ evaluator: { entrypoint: 'x' } })).rejects.toThrow(
    expect.objectContaining({ code: 'FW_CONFIG', hint: 'Did you mean "entryPoint"?' }),
  )
})

test("the caller's own dispatcher is used, and left open", async () => {
  const { upload, emulator } = await bench()
  const { Agent } = await import('undici')
  const dispatcher = new Agent({ connections: 1 })
  await upload({ dispatcher, wait: { intervalMs: 1 } })
  expect(await upload({ dispatcher })).toMatchObject({ outcome: 'unchanged' })
  expect(emulator.connections).toMatchObject({ gateway: { total: 1, open: 1 }, store: { total: 1, open: 1 } })
  await dispatcher.close()
})

test('retry.attempts is how often a call is sent in all', async () => {
  const { uploadFails, emulator } = await bench()
  emulator.faults.add({ step: 'get', do: { kind: 'status', status: 503 }, times: 99 })
  expect(await uploadFails({ retry: { attempts: 2, baseDelayMs: 1 } })).toMatchObject({ attempts: 2 })
  expect(steps(emulator).filter((step) => step === 'get')).toHaveLength(2)
})

test('wait.intervalMs is the longest pause between two looks', async () => {
  const { upload, emulator } = await bench({ buildMs: 120 })
  await upload({ wait: { intervalMs: 5 } })
  expect(steps(emulator).filter((step) => step === 'get').length).toBeGreaterThan(4)
})

test('a validate whose answer was lost is not a reason to send the archive again', async () => {
  const { upload, emulator } = await bench()
  emulator.faults.add({ step: 'validate', do: { kind: 'reset-after' } })
  expect((await upload({ wait: { intervalMs: 1 } })).evaluator?.state).toBe('ACTIVE')
  expect(steps(emulator).filter((step) => step === 'put')).toHaveLength(1)
})

test('a store that echoes the signature in its message is shown without it', async () => {
  const signature = 'MARKERSIGNATURE0123456789'
  const xml = `<Error><Code>AccessDenied</Code><Message>bad ${signature}</Message></Error>`
  const store = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(403).end(xml))
  })
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void store.close())
  const address = store.address()
  const { uploadFails, emulator } = await bench()
  const url = `http://127.0.0.1:${typeof address === 'object' && address?.port}/o?X-Goog-Signature=${signature}`
  const body = JSON.stringify({ filenameToSignedUrls: { 'my-evaluator.tar.gz': url } })
  emulator.faults.add({ step: 'endpoint', do: { kind: 'status', status: 200, body } })
  expect(await uploadFails()).toMatchObject({
    message: expect.stringContaining('AccessDenied: bad [redacted]'),
  })
})
