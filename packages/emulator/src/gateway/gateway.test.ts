import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import {
  buildLog,
  call,
  create,
  endpoint,
  evaluatorsPath,
  field,
  get,
  md5Hex,
  prepare,
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
beforeEach(async () => {
  emulator = await startEmulator({ buildMs: 1 })
})
afterEach(() => emulator.close())

const problems = (): (string | undefined)[] => emulator.requests.map(({ problem }) => problem)

test('verifyApiKey names the account in a header, and has no body', async () => {
  const { status, headers, body } = await call(emulator, 'GET', '/verifyApiKey')
  expect([status, headers.get('x-fireworks-account-id'), body]).toEqual([200, emulator.accountId, ''])
})

test('an invalid key gets its own kind of error, everywhere', async () => {
  for (const path of ['/verifyApiKey', '/v1/accounts', evaluatorsPath(emulator, '/my-eval')]) {
    const response = await fetch(emulator.url + path, { headers: { authorization: 'Bearer wrong' } })
    const requestId = response.headers.get('x-request-id')
    expect([response.status, await response.json()]).toEqual([
      401,
      {
        error: {
          message: 'The API key you provided is invalid.',
          param: null,
          code: 'UNAUTHORIZED',
          type: 'error',
        },
        request_id: requestId,
      },
    ])
  }
})

test('the name of the scheme is read in any case', async () => {
  const headers = { authorization: `bearer ${emulator.apiKey}` }
  expect((await fetch(`${emulator.url}/verifyApiKey`, { headers })).status).toBe(200)
})

test('every answer has its own x-request-id', async () => {
  const answers = [await get(emulator), await call(emulator, 'GET', '/nowhere'), await create(emulator)]
  const ids = answers.map(({ headers }) => headers.get('x-request-id'))
  expect(ids).toEqual(emulator.requests.map(({ requestId }) => requestId))
  expect(new Set(ids).size).toBe(3)
})

test.each([
  ['foreign account', 'GET', '/v1/accounts/other/evaluators/e', 403, 7],
  ['unknown evaluator', 'GET', '/v1/accounts/emulator/evaluators/e', 404, 5],
  ['unknown path', 'GET', '/v2/accounts', 404, 5],
  ['unknown verb', 'GET', '/v1/accounts/emulator/evaluators/e:explode', 404, 5],
  ['wrong method', 'PUT', '/v1/accounts', 501, 12],
  ['page size that is no number', 'GET', '/v1/accounts/emulator/evaluators?pageSize=x', 400, 3],
])('%s', async (_, method, path, status, code) => {
  expect(await call(emulator, method, path)).toMatchObject({ status, body: { code, details: [] } })
})

test('a target that is not a path does no harm', async () => {
  const status = await new Promise((resolve, reject) => {
    const sent = request(emulator.url, { method: 'OPTIONS', path: '*' }, ({ statusCode }) =>
      resolve(statusCode),
    )
    sent.on('error', reject).end()
  })
  expect(status).toBe(401)
})

test('there is one account', async () => {
  const { body } = await call(emulator, 'GET', '/v1/accounts')
  expect(body).toMatchObject({ accounts: [{ name: 'accounts/emulator' }], nextPageToken: '', totalSize: 1 })
})

test('a new evaluator is BUILDING, and has its unset fields too', async () => {
  const { status, body } = await create(emulator, 'my-eval', { displayName: 'Mine' })
  expect(status).toBe(200)
  expect(body).toEqual({
    name: 'accounts/emulator/evaluators/my-eval',
    displayName: 'Mine',
    description: '',
    createTime: expect.stringMatching(/^\d{4}-.*Z$/),
    createdBy: 'emulator@example.com',
    updateTime: expect.stringMatching(/Z$/),
    state: 'BUILDING',
    criteria: [],
    requirements: '',
    entryPoint: '',
    status: null,
    commitHash: '',
    source: null,
    defaultDataset: '',
    encryptionState: 'ENCRYPTION_STATE_UNSPECIFIED',
  })
  expect((await get(emulator)).body).toEqual(body)
})

test.each(['', 'A', '1a', 'a-', 'a_b', 'ä', 'a'.repeat(64)])('the id %j is refused', async (id) => {
  expect(await create(emulator, id)).toMatchObject({ status: 400, body: { code: 3 } })
})

test.each(['a', 'a-1', 'a'.repeat(63)])('the id %j is accepted', async (id) => {
  expect((await create(emulator, id)).status).toBe(200)
})

test('a second create of the same id', async () => {
  await create(emulator)
  expect(await create(emulator)).toMatchObject({ status: 409, body: { code: 6 } })
})

test.each([
  ['no evaluator', { evaluatorId: 'e' }],
  ['a field of another type', { evaluatorId: 'e', evaluator: { displayName: 1 } }],
  ['an unknown enum value', { evaluatorId: 'e', evaluator: { source: { type: 'TYPE_MAGIC' } } }],
  ['no object', []],
])('create with %s', async (_, body) => {
  const answer = await call(emulator, 'POST', '/v1/accounts/emulator/evaluatorsV2', body)
  expect(answer).toMatchObject({ status: 400, body: { code: 3 } })
})

test('a body that is not JSON, and none', async () => {
  for (const body of ['{', undefined]) {
    const response = await fetch(`${emulator.url}/v1/accounts/emulator/evaluatorsV2`, {
      method: 'POST',
      headers: { authorization: `Bearer ${emulator.apiKey}` },
      ...(body !== undefined && { body }),
    })
    expect(response.status).toBe(400)
  }
})

test('a body over 4 MiB', async () => {
  const answer = await create(emulator, 'e', { description: 'x'.repeat(4 * 1024 * 1024) })
  expect(answer).toMatchObject({ status: 429, body: { code: 8 } })
})

test('null counts as unset', async () => {
  expect(await create(emulator, 'e', { displayName: null, source: null })).toMatchObject({
    status: 200,
    body: { displayName: '' },
  })
})

test('fields that the service would ignore are accepted, ignored and recorded', async () => {
  const { body } = await create(emulator, 'e', {
    displayname: 'slip',
    state: 'ACTIVE',
    criteria: [{ nam: '' }],
  })
  await call(emulator, 'GET', evaluatorsPath(emulator, '?page_size=3'))
  expect(body).toMatchObject({ state: 'BUILDING' })
  expect(problems()[0]?.split('; ').sort()).toEqual([
    'read-only field evaluator.state',
    'unknown field evaluator.criteria.0.nam',
    'unknown field evaluator.displayname',
  ])
  expect(problems()[1]).toBe('unknown query parameter page_size')
})

test('an update changes only the given fields', async () => {
  await uploadAndBuild(emulator, undefined, { displayName: 'Old', description: 'kept' })
  const { body } = await call(emulator, 'PATCH', evaluatorsPath(emulator, '/my-eval'), { displayName: 'New' })
  expect(body).toMatchObject({ displayName: 'New', description: 'kept', state: 'ACTIVE' })
  expect(emulator.evaluators.get('my-eval')?.files).toHaveLength(1)
  expect(emulator.requests.at(-1)?.step).toBe('update')
})

test.each([{ entryPoint: 'scorer.py::score' }, { requirements: 'scipy\n' }])(
  'a change of %j builds the uploaded source again, without validateUpload',
  async (change) => {
    const bytes = await uploadAndBuild(emulator)
    const changed = emulator.waitFor('state', ({ from, to }) => from === 'ACTIVE' && to === 'BUILDING')
    const built = emulator.waitFor('state', ({ from, to }) => from === 'BUILDING' && to === 'ACTIVE')
    const answer = await call(emulator, 'PATCH', evaluatorsPath(emulator, '/my-eval'), change)
    expect(answer).toMatchObject({ status: 200, body: { state: 'BUILDING', ...change } })
    await changed
    await built
    expect(await get(emulator)).toMatchObject({ body: { state: 'ACTIVE', ...change } })
    expect(emulator.evaluators.get('my-eval')?.files).toMatchObject([{ md5: md5Hex(bytes) }])
    // The same once more changes nothing, and neither does another field.
    await call(emulator, 'PATCH', evaluatorsPath(emulator, '/my-eval'), { ...change, displayName: 'x' })
    expect(await get(emulator)).toMatchObject({ body: { state: 'ACTIVE', displayName: 'x' } })
  },
)

test('a changed entry point that does not exist: the build fails', async () => {
  await uploadAndBuild(emulator)
  const failed = emulator.waitFor('state', ({ to }) => to === 'BUILD_FAILED')
  await call(emulator, 'PATCH', evaluatorsPath(emulator, '/my-eval'), { entryPoint: 'gone.py::score' })
  await failed
  expect(await emulator.evaluators.get('my-eval')?.buildLog()).toMatch(/gone\.py is not in the archive/)
})

test('a changed field of an evaluator that waits for its archive builds nothing', async () => {
  await create(emulator)
  await call(emulator, 'PATCH', evaluatorsPath(emulator, '/my-eval'), { requirements: 'scipy\n' })
  expect(emulator.evaluators.get('my-eval')).toMatchObject({ state: 'BUILDING', building: false })
})

test.each([
  '/v1/accounts/emulator/evaluators/%E0%A4%A',
  '/v1/accounts/%E0%A4%A/evaluators/my-eval:validateUpload',
])('%s is not a path: 400', async (path) => {
  const method = path.endsWith('Upload') ? 'POST' : 'GET'
  expect(await call(emulator, method, path)).toMatchObject({ status: 400, body: { code: 3 } })
})

test('bodies of unknown routes and secrets in headers are not recorded', async () => {
  const secret = { value: 'sk-1234' }
  await call(emulator, 'POST', '/v1/accounts/emulator/secrets', secret)
  await call(emulator, 'PUT', evaluatorsPath(emulator, '/my-eval'), secret)
  await fetch(`${emulator.url}/other`, {
    method: 'POST',
    body: 'sk-1234',
    headers: { 'x-api-key': 'sk-1234' },
  })
  expect(emulator.requests.map(({ status, bytesReceived }) => [status, bytesReceived])).toEqual([
    [404, 19],
    [501, 19],
    [401, 7],
  ])
  expect(JSON.stringify(emulator.requests)).not.toContain('sk-1234')
})

test('the key is not recorded, wherever a body has it', async () => {
  await create(emulator, 'my-eval', { displayName: emulator.apiKey })
  expect(emulator.requests.at(-1)?.body).toMatchObject({ evaluator: { displayName: '[redacted]' } })
  expect(JSON.stringify(emulator.requests)).not.toContain(emulator.apiKey)
  expect((await get(emulator)).body).toMatchObject({ displayName: emulator.apiKey })
})

test('JSON that is nested too deep is refused', async () => {
  const deep = `{"evaluatorId":"my-eval","evaluator":${'['.repeat(1e5)}${']'.repeat(1e5)}}`
  const response = await fetch(`${emulator.url}/v1/accounts/emulator/evaluatorsV2`, {
    method: 'POST',
    headers: { authorization: `Bearer ${emulator.apiKey}` },
    body: deep,
  })
  expect(response.status).toBe(400)
})

test('a wrapped update is recorded: its fields would be ignored', async () => {
  await create(emulator)
  await call(emulator, 'PATCH', evaluatorsPath(emulator, '/my-eval'), { evaluator: { displayName: 'New' } })
  expect(problems().at(-1)).toBe('unknown field evaluator')
})

test('prepare moves back to BUILDING, and removes the upload', async () => {
  await uploadAndBuild(emulator)
  expect((await prepare(emulator)).body).toMatchObject({ state: 'BUILDING', status: null })
  expect(emulator.requests.at(-1)?.step).toBe('prepare')
  expect(await sourceUrls(emulator)).toMatchObject({ status: 400, body: { code: 9 } })
  expect(await validate(emulator)).toMatchObject({ status: 400, body: { code: 9 } })
  expect(await buildLog(emulator)).toMatchObject({ status: 400, body: { code: 9 } })
})

test('after prepare an old URL does not reach the new upload', async () => {
  await create(emulator)
  const old = await uploadUrl(emulator, 3)
  await prepare(emulator)
  await endpoint(emulator, 3)
  await put(old, new Uint8Array(3))
  expect(emulator.evaluators.get('my-eval')?.files).toEqual([])
})

test('prepare stops a running build', async () => {
  await emulator.close()
  emulator = await startEmulator({ buildMs: 50 })
  await upload(emulator)
  await prepare(emulator)
  // Starts later and takes as long: when it has ended, the first one would have ended too.
  const ended = emulator.waitFor('state', ({ evaluatorId, to }) => evaluatorId === 'later' && to === 'ACTIVE')
  await create(emulator, 'later')
  await putAgain('later')
  await ended
  expect(emulator.evaluators.get('my-eval')?.state).toBe('BUILDING')
})

async function putAgain(id = 'my-eval'): Promise<void> {
  const bytes = tarGz({ 'e/requirements.txt': '' })
  await put(await uploadUrl(emulator, bytes.length, id), bytes)
  await validate(emulator, id)
}

test('an upload URL is given only while BUILDING', async () => {
  await uploadAndBuild(emulator)
  expect(await endpoint(emulator, 3)).toMatchObject({ status: 400, body: { code: 9 } })
  await prepare(emulator)
  expect((await endpoint(emulator, 3)).status).toBe(200)
})

test('filenameToSize past 2^53 keeps every digit', async () => {
  await create(emulator)
  const path = evaluatorsPath(emulator, '/my-eval:getUploadEndpoint')
  const size = '9007199254740993'
  const { body } = await call(emulator, 'POST', path, { filenameToSize: { 'my-eval.tar.gz': size } })
  const refused = await put(signedUrl(body), new Uint8Array(3), {
    'x-goog-content-length-range': `${size},${size}`,
  })
  // The signature covers the exact size: what is refused is the three bytes.
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('EntityTooSmall')])
})

test.each<[string, unknown]>([
  ['a number where int64 travels as a string', { 'a.tar.gz': 3 }],
  ['a string that is no number', { 'a.tar.gz': '3 bytes' }],
  ['a fraction', { 'a.tar.gz': '3.5' }],
  ['past int64', { 'a.tar.gz': '9223372036854775808' }],
  ['nothing', { 'a.tar.gz': '0' }],
  ['less than nothing', { 'a.tar.gz': '-1' }],
  ['no file', {}],
  ['a path', { '../a.tar.gz': '3' }],
])('filenameToSize with %s', async (_, filenameToSize) => {
  await create(emulator)
  const path = evaluatorsPath(emulator, '/my-eval:getUploadEndpoint')
  expect(await call(emulator, 'POST', path, { filenameToSize })).toMatchObject({
    status: 400,
    body: { code: 3 },
  })
})

test('getUploadEndpoint accepts a readMask', async () => {
  await create(emulator)
  const path = evaluatorsPath(emulator, '/my-eval:getUploadEndpoint')
  const body = { filenameToSize: { 'a.tar.gz': '3' }, readMask: 'filenameToSignedUrls' }
  expect((await call(emulator, 'POST', path, body)).status).toBe(200)
  expect(problems().at(-1)).toBeUndefined()
})

test('validateUpload: before anything was uploaded, and with no body', async () => {
  await create(emulator)
  expect(await validate(emulator)).toMatchObject({ status: 400, body: { code: 9 } })
  await endpoint(emulator, 3)
  expect(await validate(emulator)).toMatchObject({ status: 400, body: { code: 9 } })
  const path = evaluatorsPath(emulator, '/my-eval:validateUpload')
  expect(await call(emulator, 'POST', path)).toMatchObject({ status: 400, body: { code: 3 } })
})

test('validateUpload looks for the files that the last getUploadEndpoint named', async () => {
  await create(emulator)
  await put(await uploadUrl(emulator, 3), new Uint8Array(3))
  const path = evaluatorsPath(emulator, '/my-eval:getUploadEndpoint')
  await call(emulator, 'POST', path, { filenameToSize: { 'other.tar.gz': '3' } })
  expect(await validate(emulator)).toMatchObject({ status: 400, body: { code: 9 } })
})

test('validateUpload refuses a file that is not an archive; another one can be uploaded', async () => {
  await create(emulator)
  await put(await uploadUrl(emulator, 3), new Uint8Array(3))
  expect(await validate(emulator)).toMatchObject({
    status: 400,
    body: { code: 3, message: expect.stringContaining("the archive can't be read") },
  })
  const ended = emulator.waitFor('state', ({ to }) => to === 'ACTIVE')
  await putAgain()
  await ended
})

test('validateUpload: the second call is refused, during the build and after it', async () => {
  const ended = emulator.waitFor('state', ({ to }) => to === 'ACTIVE')
  await putSource(emulator)
  const answers = await Promise.all([validate(emulator), validate(emulator)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
  await ended
  expect(await validate(emulator)).toMatchObject({ status: 400, body: { code: 9 } })
})

test('a build that fails: state, status and log', async () => {
  await uploadAndBuild(emulator, { 'e/requirements.txt': '', 'e/a.py': 'x = 1\n# emulator: fail build\n' })
  expect((await get(emulator)).body).toMatchObject({ state: 'BUILD_FAILED', status: { code: 'INTERNAL' } })
  const log = await fetch(String(field((await buildLog(emulator)).body, 'buildLogSignedUri')))
  expect(await log.text()).toContain('ERROR: a.py:2: asked to fail')
})

test('an evaluator that is deleted and created again keeps nothing', async () => {
  await uploadAndBuild(emulator)
  const old = field((await buildLog(emulator)).body, 'buildLogSignedUri')
  expect((await call(emulator, 'DELETE', evaluatorsPath(emulator, '/my-eval'))).body).toEqual({})
  await create(emulator)
  expect(await sourceUrls(emulator)).toMatchObject({ status: 400, body: { code: 9 } })
  expect((await fetch(String(old))).status).toBe(404)
})

test('readMask keeps the named fields', async () => {
  await create(emulator)
  const path = evaluatorsPath(emulator, '/my-eval?readMask=name,display_name')
  expect((await call(emulator, 'GET', path)).body).toEqual({
    name: 'accounts/emulator/evaluators/my-eval',
    displayName: '',
  })
  for (const whole of ['*', '', 'name,*']) {
    const answer = await call(emulator, 'GET', evaluatorsPath(emulator, `/my-eval?readMask=${whole}`))
    expect(answer).toMatchObject({ status: 200, body: (await get(emulator)).body })
  }
  const unknown = evaluatorsPath(emulator, '/my-eval?readMask=nome')
  expect(await call(emulator, 'GET', unknown)).toMatchObject({ status: 400, body: { code: 3 } })
})
