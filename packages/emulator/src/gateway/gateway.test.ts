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
  prepare,
  put,
  putSource,
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

test('a bad key is refused in a shape of its own, everywhere', async () => {
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

test('every answer bears an x-request-id of its own', async () => {
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

test('a target that is no path does no harm', async () => {
  const status = await new Promise((resolve, reject) => {
    const sent = request(emulator.url, { method: 'OPTIONS', path: '*' }, ({ statusCode }) =>
      resolve(statusCode),
    )
    sent.on('error', reject).end()
  })
  expect(status).toBe(401)
})

test('the accounts are one', async () => {
  const { body } = await call(emulator, 'GET', '/v1/accounts')
  expect(body).toMatchObject({ accounts: [{ name: 'accounts/emulator' }], nextPageToken: '', totalSize: 1 })
})

test('a new evaluator is BUILDING, and what is unset is there all the same', async () => {
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

test.each(['a', 'a-1', 'a'.repeat(63)])('the id %j is good', async (id) => {
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

test('what the service would ignore is taken, ignored and recorded', async () => {
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

test('an update changes the fields given, and nothing else', async () => {
  await uploadAndBuild(emulator, undefined, { displayName: 'Old', description: 'kept' })
  const { body } = await call(emulator, 'PATCH', evaluatorsPath(emulator, '/my-eval'), { displayName: 'New' })
  expect(body).toMatchObject({ displayName: 'New', description: 'kept', state: 'ACTIVE' })
  expect(emulator.evaluators.get('my-eval')?.files).toHaveLength(1)
  expect(emulator.requests.at(-1)?.step).toBe('update')
})

test('a wrapped update is recorded: its fields would be ignored', async () => {
  await create(emulator)
  await call(emulator, 'PATCH', evaluatorsPath(emulator, '/my-eval'), { evaluator: { displayName: 'New' } })
  expect(problems().at(-1)).toBe('unknown field evaluator')
})

test('prepare moves back to BUILDING, and what was uploaded is gone', async () => {
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

test('prepare stops a build that is under way', async () => {
  await emulator.close()
  emulator = await startEmulator({ buildMs: 50 })
  await upload(emulator)
  await prepare(emulator)
  // Begins later and takes as long: once it has ended, the first would have, too.
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

test('an endpoint is given only while BUILDING', async () => {
  await uploadAndBuild(emulator)
  expect(await endpoint(emulator, 3)).toMatchObject({ status: 400, body: { code: 9 } })
  await prepare(emulator)
  expect((await endpoint(emulator, 3)).status).toBe(200)
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

test('readMask is taken where an upload URL is asked for', async () => {
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

test('validateUpload looks for what the last getUploadEndpoint named', async () => {
  await create(emulator)
  await put(await uploadUrl(emulator, 3), new Uint8Array(3))
  const path = evaluatorsPath(emulator, '/my-eval:getUploadEndpoint')
  await call(emulator, 'POST', path, { filenameToSize: { 'other.tar.gz': '3' } })
  expect(await validate(emulator)).toMatchObject({ status: 400, body: { code: 9 } })
})

test('validateUpload: what is no archive is refused, and can be uploaded anew', async () => {
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

test('an evaluator that was deleted and made anew has nothing of the old one', async () => {
  await uploadAndBuild(emulator)
  const old = field((await buildLog(emulator)).body, 'buildLogSignedUri')
  expect((await call(emulator, 'DELETE', evaluatorsPath(emulator, '/my-eval'))).body).toEqual({})
  await create(emulator)
  expect(await sourceUrls(emulator)).toMatchObject({ status: 400, body: { code: 9 } })
  expect((await fetch(String(old))).status).toBe(404)
})

test('readMask keeps the fields named', async () => {
  await create(emulator)
  const path = evaluatorsPath(emulator, '/my-eval?readMask=name,display_name')
  expect((await call(emulator, 'GET', path)).body).toEqual({
    name: 'accounts/emulator/evaluators/my-eval',
    displayName: '',
  })
  const unknown = evaluatorsPath(emulator, '/my-eval?readMask=nome')
  expect(await call(emulator, 'GET', unknown)).toMatchObject({ status: 400, body: { code: 3 } })
})
