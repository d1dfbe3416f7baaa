import { afterEach, expect, test } from 'vitest'
import { type Emulator, type EmulatorOptions, type Fault, startEmulator } from '../index.ts'
import {
  buildLog,
  call,
  create,
  endpoint,
  evaluatorsPath,
  field,
  get,
  md5Hex,
  put,
  putSource,
  signedUrl,
  sourceUrls,
  upload,
  uploadAndBuild,
  uploadUrl,
  validate,
} from '../testing/client.ts'
import { tarGz } from '../testing/tar-gz.ts'

let emulator: Emulator
afterEach(() => emulator.close())

async function start(faults: Fault[], options: EmulatorOptions = {}): Promise<void> {
  emulator = await startEmulator({ buildMs: 1, faults, ...options })
}

/** The code of the error with which a call ended. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    (value) => expect.unreachable(`answered: ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? cause.code : error
}

const url = (path: string): string => emulator.url + path
const withKey = (): RequestInit => ({
  headers: { authorization: `Bearer ${emulator.apiKey}` },
  redirect: 'manual',
})

test('status: the gateway answers in its usual shape and does nothing', async () => {
  await start([{ step: 'create', do: { kind: 'status', status: 503, headers: { 'retry-after': '7' } } }])
  const { status, headers, body } = await create(emulator)
  expect([status, body]).toEqual([503, { code: 14, message: '', details: [] }])
  expect(headers.get('retry-after')).toBe('7')
  expect((await get(emulator)).status).toBe(404)
})

test('status: the store answers in XML, after it has read the body', async () => {
  await start([{ step: 'put', do: { kind: 'status', status: 503 } }])
  const { bytes, response } = await putSource(emulator)
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('<Error><Code>ServiceUnavailable</Code>')
  expect(emulator.requests.at(-1)?.bytesReceived).toBe(bytes.length)
  expect(emulator.evaluators.get('my-eval')?.files).toEqual([])
})

test('status: with its own body', async () => {
  await start([{ step: 'get', do: { kind: 'status', status: 418, body: '"teapot"' } }])
  expect(await get(emulator)).toMatchObject({ status: 418, body: 'teapot' })
})

test('reset: nothing is done', async () => {
  await start([{ step: 'create', do: { kind: 'reset' } }])
  expect(await failure(create(emulator))).toBe('ECONNRESET')
  expect((await get(emulator)).status).toBe(404)
})

test('reset-after: the work is done, the answer is lost', async () => {
  await start([{ step: 'create', do: { kind: 'reset-after' } }])
  expect(await failure(create(emulator))).toBe('ECONNRESET')
  expect((await get(emulator)).status).toBe(200)
})

test('reset-after at the store: the object is stored', async () => {
  await start([{ step: 'put', do: { kind: 'reset-after' } }])
  expect(await failure(putSource(emulator))).toBe('ECONNRESET')
  expect(emulator.evaluators.get('my-eval')?.files).toHaveLength(1)
})

test('reset-mid-body: only a part of the body is read, and nothing is stored', async () => {
  await start([{ step: 'put', do: { kind: 'reset-mid-body' } }])
  await create(emulator)
  const bytes = new Uint8Array(8 * 1024 * 1024)
  const target = await uploadUrl(emulator, bytes.length)
  const ended = emulator.waitFor('response', ({ step }) => step === 'put')
  await expect(put(target, bytes)).rejects.toThrow('fetch failed')
  const { bytesReceived, status } = await ended
  expect(bytesReceived).toBeGreaterThanOrEqual(bytes.length / 2)
  expect(bytesReceived).toBeLessThan(bytes.length)
  expect(status).toBeUndefined()
  expect(emulator.evaluators.get('my-eval')?.files).toEqual([])
})

test('reset-mid-body: after the given number of bytes', async () => {
  await start([{ step: 'put', do: { kind: 'reset-mid-body', bytes: 1 } }])
  await create(emulator)
  const bytes = new Uint8Array(8 * 1024 * 1024)
  const target = await uploadUrl(emulator, bytes.length)
  const ended = emulator.waitFor('response', ({ step }) => step === 'put')
  await expect(put(target, bytes)).rejects.toThrow('fetch failed')
  expect((await ended).bytesReceived).toBeLessThan(bytes.length / 2)
})

test.each(['create', 'put'] as const)('hang at %s: no answer, nothing done', async (step) => {
  await start([{ step, do: { kind: 'hang' } }])
  if (step === 'put') await create(emulator)
  const target = step === 'put' ? await uploadUrl(emulator, 3) : ''
  const arrived = emulator.waitFor('request', (request) => request.step === step)
  const call = step === 'put' ? put(target, new Uint8Array(3)) : create(emulator)
  const failed = failure(call)
  const { ended, status } = await arrived
  expect({ ended, status }).toEqual({ ended: false, status: undefined })
  await emulator.close()
  expect(await failed).toMatch(/^(UND_ERR_SOCKET|ECONNRESET)$/)
  expect(emulator.evaluators.list().flatMap(({ files }) => files)).toEqual([])
})

test('stall: half of the answer comes, then nothing', async () => {
  await start([{ step: 'get', do: { kind: 'stall' } }])
  await create(emulator)
  const response = await fetch(url(evaluatorsPath(emulator, '/my-eval')), withKey())
  const reader = response.body?.getReader()
  const half = await reader?.read()
  expect(half?.value?.length).toBe(Math.floor(Number(response.headers.get('content-length')) / 2))
  expect(emulator.requests.at(-1)?.ended).toBe(false)
  await reader?.cancel()
})

test('slow: waits first', async () => {
  await start([{ step: 'get', do: { kind: 'slow', delayMs: 60 } }])
  const began = performance.now()
  expect((await get(emulator)).status).toBe(404)
  expect(performance.now() - began).toBeGreaterThanOrEqual(59)
})

test('slow: an answer is no faster than the given speed', async () => {
  await start([{ step: 'create', do: { kind: 'slow', bytesPerSecond: 4000 } }])
  const began = performance.now()
  const { headers } = await create(emulator)
  const expectedMs = (Number(headers.get('content-length')) / 4000) * 1000
  expect(performance.now() - began).toBeGreaterThanOrEqual(expectedMs * 0.9)
})

test('slow: a body is read no faster than the given speed', async () => {
  await start([{ step: 'put', do: { kind: 'slow', bytesPerSecond: 4000 } }])
  await create(emulator)
  const target = await uploadUrl(emulator, 400)
  const began = performance.now()
  expect((await put(target, new Uint8Array(400))).status).toBe(200)
  expect(performance.now() - began).toBeGreaterThanOrEqual(90)
})

test('half-body: Content-Length promises more than comes', async () => {
  await start([{ step: 'get', do: { kind: 'half-body' } }])
  expect(await failure(get(emulator))).toBe('UND_ERR_SOCKET')
})

test('half-body: also if the answer has no body', async () => {
  await start([{ step: 'verifyApiKey', do: { kind: 'half-body' } }])
  const response = await fetch(url('/verifyApiKey'), withKey())
  expect(response.headers.get('content-length')).toBe('1024')
  expect(await failure(response.text())).toBe('UND_ERR_SOCKET')
})

test('garbage: not HTTP', async () => {
  await start([{ step: 'get', do: { kind: 'garbage' } }])
  await expect(get(emulator)).rejects.toMatchObject({ cause: { name: 'HTTPParserError' } })
})

test.each([
  [undefined, 502],
  [200, 200],
] as const)('html: a page of a proxy, status %s', async (status, expected) => {
  await start([{ step: 'get', do: { kind: 'html', ...(status && { status }) } }])
  const response = await fetch(url(evaluatorsPath(emulator, '/my-eval')), withKey())
  expect(response.status).toBe(expected)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(await response.text()).toMatch(/^<!doctype html>/)
})

test('redirect', async () => {
  const location = 'http://127.0.0.1:1/elsewhere'
  await start([
    { step: 'accounts', do: { kind: 'redirect', location } },
    { step: 'accounts', do: { kind: 'redirect', location, status: 307 } },
  ])
  const first = await fetch(url('/v1/accounts'), withKey())
  expect([first.status, first.headers.get('location')]).toEqual([302, location])
  expect((await fetch(url('/v1/accounts'), withKey())).status).toBe(307)
})

test('truncated-json: a whole answer with half a document', async () => {
  await start([{ step: 'list', do: { kind: 'truncated-json' } }])
  const response = await fetch(url(evaluatorsPath(emulator)), withKey())
  const text = await response.text()
  expect(text).toHaveLength(Number(response.headers.get('content-length')))
  expect(text).toMatch(/^\{/)
  expect(() => JSON.parse(text)).toThrow(SyntaxError)
})

test('huge-json: over 4 MiB unless told', async () => {
  await start([
    { step: 'get', do: { kind: 'huge-json' } },
    { step: 'get', do: { kind: 'huge-json', bytes: 1000 } },
  ])
  const sizes = [await get(emulator), await get(emulator)].map(({ headers }) => headers.get('content-length'))
  expect(sizes).toEqual([String(5 * 1024 * 1024), '1000'])
})

test('wrong-md5: the stored bytes are right, the reported md5 is not', async () => {
  await start([
    { step: 'put', do: { kind: 'wrong-md5' } },
    { step: 'download', do: { kind: 'wrong-md5' } },
  ])
  const { bytes, response } = await putSource(emulator)
  const right = `"${md5Hex(bytes)}"`
  const download = async (): Promise<Response> => fetch(signedUrl((await sourceUrls(emulator)).body))
  const etags = [response, await download(), await download()].map(({ headers }) => headers.get('etag'))
  expect(etags.map((etag) => etag === right)).toEqual([false, false, true])
  expect(response.headers.get('x-goog-hash')).not.toContain(
    Buffer.from(md5Hex(bytes), 'hex').toString('base64'),
  )
  expect(emulator.evaluators.get('my-eval')?.files).toMatchObject([{ md5: md5Hex(bytes) }])
})

test('expired-url: the store refuses it, and the next URL is valid', async () => {
  await start([
    { step: 'endpoint', do: { kind: 'expired-url' } },
    { step: 'sourceUrl', do: { kind: 'expired-url' } },
    { step: 'buildLog', do: { kind: 'expired-url' } },
  ])
  const { response } = await putSource(emulator)
  expect([response.status, await response.text()]).toEqual([
    400,
    expect.stringContaining('<Code>ExpiredToken<'),
  ])
  const ended = emulator.waitFor('state', ({ to }) => to === 'ACTIVE')
  const bytes = tarGz({ 'e/requirements.txt': '' })
  expect((await put(await uploadUrl(emulator, bytes.length), bytes)).status).toBe(200)
  await validate(emulator)
  await ended
  const sources = [await sourceUrls(emulator), await sourceUrls(emulator)]
  const logs = [await buildLog(emulator), await buildLog(emulator)]
  const statuses = [
    ...sources.map(({ body }) => signedUrl(body)),
    ...logs.map(({ body }) => String(field(body, 'buildLogSignedUri'))),
  ].map(async (target) => (await fetch(target)).status)
  expect(await Promise.all(statuses)).toEqual([400, 200, 400, 200])
})

test('empty-urls and wrong-filename', async () => {
  await start([
    { step: 'endpoint', do: { kind: 'empty-urls' } },
    { step: 'endpoint', do: { kind: 'wrong-filename' } },
  ])
  await create(emulator)
  expect((await endpoint(emulator, 3)).body).toEqual({ filenameToSignedUrls: {} })
  expect((await endpoint(emulator, 3)).body).toEqual({
    filenameToSignedUrls: { 'other-my-eval.tar.gz': expect.stringMatching(/^http/) },
  })
})

test('empty-urls: no URL of the build log', async () => {
  await start([{ step: 'buildLog', do: { kind: 'empty-urls' } }])
  await uploadAndBuild(emulator)
  expect((await buildLog(emulator)).body).toEqual({ buildLogSignedUri: '' })
})

test('signed-header: the URL needs one more header', async () => {
  await start([{ step: 'endpoint', do: { kind: 'signed-header', name: 'X-Goog-Meta-Foo', value: 'bar' } }])
  await create(emulator)
  const target = await uploadUrl(emulator, 3)
  const without = await put(target, new Uint8Array(3))
  expect([without.status, await without.text()]).toEqual([
    400,
    expect.stringContaining('<ParameterName>x-goog-meta-foo</ParameterName>'),
  ])
  expect((await put(target, new Uint8Array(3), { 'x-goog-meta-foo': 'bar' })).status).toBe(200)
})

test('not-landed: validateUpload is refused once, then accepted', async () => {
  await start([{ step: 'validate', do: { kind: 'not-landed' } }])
  await putSource(emulator)
  expect(await validate(emulator)).toMatchObject({ status: 400, body: { code: 9 } })
  expect((await validate(emulator)).status).toBe(200)
})

test('build-fails: with a message and a log', async () => {
  const fault: Fault = {
    step: 'validate',
    do: { kind: 'build-fails', message: 'no luck', log: 'pip says no\n' },
  }
  await start([fault])
  await uploadAndBuild(emulator)
  const { body } = await get(emulator)
  expect(body).toMatchObject({ state: 'BUILD_FAILED', status: { code: 'INTERNAL', message: 'no luck' } })
  expect(await emulator.evaluators.get('my-eval')?.buildLog()).toBe('pip says no\n')
})

test('build-never-ends: long after buildMs it is still BUILDING', async () => {
  await start([{ step: 'validate', evaluatorId: 'my-eval', do: { kind: 'build-never-ends' } }])
  await upload(emulator)
  // Another build, which started later, has ended.
  const ended = emulator.waitFor('state', ({ to }) => to === 'ACTIVE')
  const bytes = tarGz({ 'e/requirements.txt': '' })
  await create(emulator, 'other')
  await put(await uploadUrl(emulator, bytes.length, 'other'), bytes)
  await validate(emulator, 'other')
  expect((await ended).evaluatorId).toBe('other')
  expect(emulator.evaluators.get('my-eval')?.state).toBe('BUILDING')
})

test("clock-skew: the store's clock decides what has expired", async () => {
  await start([{ step: 'put', do: { kind: 'clock-skew', ms: 2 * 3600_000 } }])
  await create(emulator)
  const target = await uploadUrl(emulator, 3)
  const skewed = await put(target, new Uint8Array(3))
  expect([skewed.status, await skewed.text()]).toEqual([400, expect.stringContaining('ExpiredToken')])
  expect(Date.parse(skewed.headers.get('date') ?? '')).toBeGreaterThan(Date.now() + 3600_000)
  expect((await put(target, new Uint8Array(3))).status).toBe(200)
})

test("clock-skew: the gateway's clock dates the URLs", async () => {
  await start([{ step: 'endpoint', do: { kind: 'clock-skew', ms: 3600_000 } }])
  await create(emulator)
  const response = await put(await uploadUrl(emulator, 3), new Uint8Array(3))
  expect([response.status, await response.text()]).toEqual([
    403,
    expect.stringContaining('RequestTimeTooSkewed'),
  ])
})

test('the log has the faults that happened', async () => {
  await start([{ step: 'verifyApiKey', do: { kind: 'reset' } }])
  await failure(call(emulator, 'GET', '/verifyApiKey'))
  await call(emulator, 'GET', '/verifyApiKey')
  expect(emulator.requests.map(({ fault, status }) => [fault, status])).toEqual([
    ['reset', undefined],
    [undefined, 200],
  ])
})
