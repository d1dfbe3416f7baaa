import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { bench, expectNoSecrets } from '../../test/bench.ts'
import type { GatewayOptions } from '../options.ts'
import { createGateway } from './session.ts'

async function connected(options: GatewayOptions = {}) {
  const { emulator } = await bench()
  const { apiKey, accountId, url: baseUrl } = emulator
  const retry = { attempts: 2, baseDelayMs: 1 }
  const gateway = createGateway({ apiKey, accountId, baseUrl, retry, ...options })
  const lastRequest = () => emulator.requests.at(-1)
  return { emulator, gateway, lastRequest, [Symbol.asyncDispose]: () => gateway.close() }
}

test('create, get, update, prepare, delete', async () => {
  await using at = await connected()
  const { gateway, lastRequest } = at
  const created = await gateway.createEvaluator('mine', { displayName: 'Mine' })
  expect(created).toMatchObject({ name: 'accounts/emulator/evaluators/mine', state: 'BUILDING' })
  expect(lastRequest()?.body).toEqual({ evaluator: { displayName: 'Mine' }, evaluatorId: 'mine' })
  expect(await gateway.getEvaluator('mine')).toMatchObject({ displayName: 'Mine' })
  expect(await gateway.updateEvaluator('mine', { description: 'x' })).toMatchObject({ description: 'x' })
  expect(lastRequest()?.query).toEqual({})
  expect(await gateway.prepareCodeUpload('mine')).toMatchObject({ state: 'BUILDING' })
  expect(lastRequest()).toMatchObject({ query: { prepareCodeUpload: 'true' }, body: {} })
  await gateway.deleteEvaluator('mine')
  await expect(gateway.getEvaluator('mine')).rejects.toMatchObject({ code: 'FW_NOT_FOUND', status: 404 })
})

test('what is unset arrives as null and is not there; what is unknown stays', async () => {
  await using at = await connected()
  const evaluator = await at.gateway.createEvaluator('mine')
  expect(Object.values(evaluator)).not.toContain(null)
  expect(Object.keys(await at.gateway.getEvaluator('mine'))).toContain('encryptionState')
})

test('a list is read page by page, and no further than it is consumed', async () => {
  await using at = await connected()
  const { gateway, emulator } = at
  for (const id of ['a1', 'a2', 'a3', 'a4', 'a5']) await gateway.createEvaluator(id)
  const before = emulator.requests.length
  const names: (string | undefined)[] = []
  for await (const { name } of gateway.listEvaluators({ pageSize: 2 })) names.push(name)
  expect(names.map((name) => name?.split('/').at(-1)).sort()).toEqual(['a1', 'a2', 'a3', 'a4', 'a5'])
  expect(emulator.requests.length - before).toBe(3)
  for await (const _first of gateway.listEvaluators({ pageSize: 2 })) break
  expect(emulator.requests.length - before).toBe(4)
})

test('list options travel as query', async () => {
  await using at = await connected()
  const options = { pageSize: 7, orderBy: 'name', readMask: 'name' }
  for await (const _ of at.gateway.listEvaluators(options)) break
  expect(at.lastRequest()?.query).toEqual({ pageSize: '7', orderBy: 'name', readMask: 'name' })
})

test('sizes travel as decimal strings, exact beyond 2^53', async () => {
  await using at = await connected()
  await at.gateway.createEvaluator('mine')
  const urls = await at.gateway.getUploadEndpoint('mine', { 'mine.tar.gz': 7n })
  expect(Object.keys(urls)).toEqual(['mine.tar.gz'])
  // No store takes that much, so the emulator refuses it; what was sent counts.
  await at.gateway.getUploadEndpoint('mine', { 'mine.tar.gz': 2n ** 53n + 1n }).catch(() => {})
  expect(at.lastRequest()?.body).toEqual({ filenameToSize: { 'mine.tar.gz': '9007199254740993' } })
  await at.gateway.getUploadEndpoint('mine', { 'mine.tar.gz': 5 }, 'filenameToSignedUrls')
  expect(at.lastRequest()?.body).toEqual({
    filenameToSize: { 'mine.tar.gz': '5' },
    readMask: 'filenameToSignedUrls',
  })
  await expect(at.gateway.getUploadEndpoint('mine', { 'mine.tar.gz': 2 ** 53 })).rejects.toMatchObject({
    code: 'FW_CONFIG',
  })
})

test('before anything was uploaded, source and build log are a conflict', async () => {
  await using at = await connected()
  await at.gateway.createEvaluator('mine')
  const conflict = { code: 'FW_CONFLICT', status: 400 }
  await expect(at.gateway.getSourceCodeSignedUrl('mine')).rejects.toMatchObject(conflict)
  await expect(at.gateway.getBuildLogEndpoint('mine')).rejects.toMatchObject({
    ...conflict,
    message: expect.stringContaining('no build log available for this evaluator'),
  })
  await expect(at.gateway.validateUpload('mine')).rejects.toMatchObject(conflict)
})

test('a URL that is missing is an error, not an empty string', async () => {
  await using at = await connected()
  await at.gateway.createEvaluator('mine')
  at.emulator.faults.add({ step: 'buildLog', do: { kind: 'empty-urls' } })
  await expect(at.gateway.getBuildLogEndpoint('mine')).rejects.toMatchObject({
    code: expect.stringMatching(/FW_(GATEWAY|CONFLICT)/),
  })
})

test('the account of the key, asked once', async () => {
  await using at = await connected({ accountId: '' })
  expect(await at.gateway.verifyApiKey()).toBe('emulator')
  expect([await at.gateway.account(), await at.gateway.account()]).toEqual(['emulator', 'emulator'])
  expect(at.emulator.requests.filter(({ step }) => step === 'verifyApiKey')).toHaveLength(2)
})

test('the account of the key, where verifyApiKey names none', async () => {
  await using at = await connected({ accountId: '' })
  at.emulator.faults.add({ step: 'verifyApiKey', do: { kind: 'status', status: 200, body: '' } })
  expect(await at.gateway.account()).toBe('emulator')
  expect(at.lastRequest()?.step).toBe('accounts')
})

test.each(['../admin', 'a?b', 'a/b', 'ACME'])(
  'an account that can be none is not believed: %s',
  async (account) => {
    const paths: string[] = []
    const server = createServer((request, response) => {
      paths.push(request.url ?? '')
      response.setHeader('x-fireworks-account-id', account).end()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    await using at = await connected({ accountId: '', baseUrl: `http://127.0.0.1:${port}` })
    await expect(at.gateway.getEvaluator('mine')).rejects.toMatchObject({
      code: 'FW_GATEWAY',
      message: expect.stringContaining(`"${account}"`),
    })
    expect(paths).toEqual(['/verifyApiKey'])
  },
)

test('an account that could not be asked for is asked for again', async () => {
  await using at = await connected({ accountId: '', retry: { attempts: 1 } })
  at.emulator.faults.add({ step: 'verifyApiKey', do: { kind: 'status', status: 500 } })
  await expect(at.gateway.account()).rejects.toMatchObject({ code: 'FW_GATEWAY' })
  expect(await at.gateway.account()).toBe('emulator')
})

test('accounts are listed', async () => {
  await using at = await connected()
  expect(await at.gateway.listAccounts()).toMatchObject([{ name: 'accounts/emulator' }])
})

test('a User-Agent names package and version', async () => {
  await using at = await connected()
  await at.gateway.listAccounts()
  expect(at.lastRequest()?.headers['user-agent']).toMatch(/^@fw\/evaluator-core\/\d+\.\d+\.\d+/)
})

test('a create is not sent again, unless it was plainly refused', async () => {
  await using at = await connected()
  at.emulator.faults.add({ step: 'create', do: { kind: 'reset' } })
  await expect(at.gateway.createEvaluator('mine')).rejects.toMatchObject({ code: 'FW_NETWORK', attempts: 1 })
  at.emulator.faults.add({ step: 'create', do: { kind: 'status', status: 429 } })
  expect(await at.gateway.createEvaluator('mine')).toMatchObject({ state: 'BUILDING' })
})

test('no key: said before anything is sent; under Turborepo with the way to let it through', async () => {
  await using at = await connected({ apiKey: '' })
  // `pnpm test` runs this very test under Turborepo.
  vi.stubEnv('TURBO_HASH', '')
  await expect(at.gateway.listAccounts()).rejects.toMatchObject({
    code: 'FW_AUTH',
    hint: expect.stringContaining('https://app.fireworks.ai/settings/users/api-keys'),
  })
  vi.stubEnv('TURBO_HASH', 'abc')
  await expect(at.gateway.listAccounts()).rejects.toMatchObject({
    hint: expect.stringContaining('passThroughEnv'),
  })
  expect(at.emulator.requests).toEqual([])
})

test('an error keeps the request id, and no key', async () => {
  await using at = await connected({ apiKey: 'fw_wrong_key_1' })
  const error: unknown = await at.gateway.getEvaluator('mine').catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'FW_AUTH', status: 401, requestId: expect.stringMatching(/./) })
  expectNoSecrets(error)
})

test('a misspelt option is refused by name, before any call', () => {
  // @ts-expect-error the compiler refuses it too
  const create = () => createGateway({ baseURL: 'https://api.example' })
  expect(create).toThrow(expect.objectContaining({ code: 'FW_CONFIG', hint: 'Did you mean "baseUrl"?' }))
})

test('a value of another kind is refused by name', () => {
  // @ts-expect-error the compiler refuses it too
  const create = () => createGateway({ apiKey: null, retry: 5 })
  expect(create).toThrow(expect.objectContaining({ message: 'createGateway was given a null as "apiKey".' }))
})
