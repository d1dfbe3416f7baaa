import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { expectNoSecrets, MARKER_KEY } from '../../test/bench.ts'
import type { GatewayOptions } from '../options.ts'
import { describeConfig, resolveConfig } from './config.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'fw-config-'))
})
afterEach(() => rm(home, { recursive: true }))

const resolve = (options: GatewayOptions = {}, env: Record<string, string> = {}) =>
  resolveConfig(options, { env, home })

async function authIni(text: string): Promise<void> {
  await mkdir(join(home, '.fireworks'))
  await writeFile(join(home, '.fireworks', 'auth.ini'), text)
}

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'FW_CONFIG', message: expect.stringMatching(message) })

test('nothing given: the defaults, and neither key nor account', async () => {
  expect(await resolve()).toEqual({
    baseUrl: 'https://api.fireworks.ai',
    retry: { attempts: 5, baseDelayMs: 300, maxDelayMs: 30_000 },
    timeouts: { connectMs: 10_000, attemptMs: 60_000, totalMs: 1_800_000 },
    origins: { apiKey: undefined, accountId: undefined, baseUrl: 'default' },
  })
})

test('an option wins over the environment, and that over auth.ini', async () => {
  await authIni('api_key = ini-key-1\naccount_id = ini-account\n')
  const env = { FIREWORKS_API_KEY: 'env-key-1', FIREWORKS_ACCOUNT_ID: 'env-account' }
  const options = { apiKey: 'option-key', accountId: 'option-account' }
  expect(await resolve(options, env)).toMatchObject({
    ...options,
    origins: { apiKey: 'option', accountId: 'option' },
  })
  expect(await resolve({}, env)).toMatchObject({ apiKey: 'env-key-1', accountId: 'env-account' })
  expect(await resolve()).toMatchObject({
    apiKey: 'ini-key-1',
    accountId: 'ini-account',
    origins: { apiKey: 'auth.ini', accountId: 'auth.ini' },
  })
})

test.each([
  ['a section', '[fireworks]\napi_key = key-in-ini\n'],
  ['comments and quotes', '# one\n; two\napi_key = "key-in-ini"\n'],
  ['Windows line ends and a byte order mark', '\uFEFFapi_key=key-in-ini\r\n'],
  ['colons', '[fireworks]\napi_key: key-in-ini\naccount_id : a\n'],
  ['a colon in front of an equals sign', '[fireworks]\napi_key: key-in-ini\nurl = http://a=b\n'],
  ['names in capitals', '[Fireworks]\nAPI_KEY = key-in-ini\n'],
  ['a section for all', '[DEFAULT]\napi_key = key-in-ini\n[fireworks]\naccount_id = a\n'],
  ['old line ends', '[fireworks]\rapi_key = key-in-ini\r'],
  ['names without a value', '[fireworks]\nother\napi_key = key-in-ini\n'],
  ['another section beside it', '[other]\napi_key = wrong\n[fireworks]\napi_key = key-in-ini\n'],
])('auth.ini with %s', async (_, text) => {
  await authIni(text)
  expect((await resolve()).apiKey).toBe('key-in-ini')
})

test('an auth.ini that cannot be read is said, not skipped', async () => {
  await mkdir(join(home, '.fireworks', 'auth.ini'), { recursive: true })
  await expect(resolve()).rejects.toThrow(refused(/auth\.ini cannot be read: EISDIR/))
})

test.each([
  ['a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('api_key = a', 'utf16le')])],
  ['no mark', Buffer.from('api_key = a', 'utf16le')],
  [
    'a mark, the other way round',
    Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from('api_key = a', 'utf16le').swap16()]),
  ],
])('an auth.ini in UTF-16 is refused by its name: with %s', async (_, bytes) => {
  await authIni('')
  await writeFile(join(home, '.fireworks', 'auth.ini'), bytes)
  await expect(resolve()).rejects.toThrow(refused(/auth\.ini cannot be read: it is UTF-16/))
})

test.each(['a?b', '..', 'acme-', 'ACME', 'a'.repeat(64), '1acme', 'a/b', 'a_b'])(
  'the account %s is refused wherever it stands',
  async (accountId) => {
    await expect(resolve({ accountId })).rejects.toThrow(refused(/cannot be an account/))
    await expect(resolve({}, { FIREWORKS_ACCOUNT_ID: accountId })).rejects.toThrow(
      refused(/cannot be an account/),
    )
    await authIni(`api_key = k\naccount_id = ${accountId}\n`)
    await expect(resolve()).rejects.toThrow(refused(/cannot be an account/))
  },
)

test('an empty string is unset, and spaces around a value are dropped', async () => {
  const env = { FIREWORKS_API_KEY: '  env-key-1\r\n', FIREWORKS_ACCOUNT_ID: '', FIREWORKS_API_BASE: '' }
  const config = await resolve({ apiKey: '', baseUrl: ' ' }, env)
  expect(config).toMatchObject({ apiKey: 'env-key-1', baseUrl: 'https://api.fireworks.ai' })
  expect(config.accountId).toBeUndefined()
})

test('accounts/ before an account id is dropped', async () => {
  expect((await resolve({ accountId: 'accounts/acme' })).accountId).toBe('acme')
})

test('FIREWORKS_API_BASE wins over FIREWORKS_BASE_URL', async () => {
  const env = { FIREWORKS_API_BASE: 'https://a.example/', FIREWORKS_BASE_URL: 'https://b.example' }
  expect((await resolve({}, env)).baseUrl).toBe('https://a.example')
  expect((await resolve({}, { FIREWORKS_BASE_URL: 'https://b.example' })).baseUrl).toBe('https://b.example')
})

test.each(['http://localhost:8080', 'http://127.0.0.1:1', 'http://[::1]:1', 'https://api.example'])(
  '%s may be spoken to',
  async (baseUrl) => {
    expect((await resolve({ baseUrl })).baseUrl).toBe(baseUrl)
  },
)

test.each([
  ['http://api.example', /not https/],
  ['http://127.0.0.1.example', /not https/],
  ['ftp://api.example', /not https/],
  ['https://api.example/v1', /has a path \("\/v1"\)/],
  ['https://api.example?x=1', /has a query/],
  ['https://user:word@api.example', /has credentials/],
  ['api.example', /is not a URL/],
])('%s is refused', async (baseUrl, why) => {
  await expect(resolve({ baseUrl })).rejects.toThrow(refused(why))
})

test('a key with a line end inside is refused, without being shown', async () => {
  const error = await resolve({ apiKey: 'fw_line\nend_marker' }).catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'FW_CONFIG' })
  expect(String(error)).not.toContain('end_marker')
})

test.each(['a/b', '../x', 'a b'])('account "%s" is refused', async (accountId) => {
  await expect(resolve({ accountId })).rejects.toThrow(refused(/cannot be an account/))
})

test('numbers replace their defaults, one by one', async () => {
  const config = await resolve({ retry: { attempts: 2 }, timeouts: { attemptMs: 5, totalMs: undefined } })
  expect(config.retry).toEqual({ attempts: 2, baseDelayMs: 300, maxDelayMs: 30_000 })
  expect(config.timeouts).toEqual({ connectMs: 10_000, attemptMs: 5, totalMs: 1_800_000 })
})

test.each([
  { retry: { attempts: 0 } },
  { retry: { baseDelayMs: Number.NaN } },
  { timeouts: { totalMs: -1 } },
])('%j is refused', async (options) => {
  await expect(resolve(options)).rejects.toThrow(refused(/must be a number/))
})

test('a number that does not exist is refused by name', async () => {
  // @ts-expect-error the compiler refuses it too
  await expect(resolve({ retry: { attempt: 3 } })).rejects.toThrow(
    expect.objectContaining({ message: 'retry has no option "attempt".', hint: 'Did you mean "attempts"?' }),
  )
})

test('the configuration is frozen, deep', async () => {
  const config = await resolve()
  expect([config, config.retry, config.timeouts, config.origins].every(Object.isFrozen)).toBe(true)
})

test('says where each value came from, and never the key', async () => {
  vi.stubEnv('FIREWORKS_API_KEY', MARKER_KEY)
  vi.stubEnv('FIREWORKS_ACCOUNT_ID', 'accounts/mine')
  vi.stubEnv('FIREWORKS_API_BASE', '')
  vi.stubEnv('FIREWORKS_BASE_URL', '')
  const found = await describeConfig({ accountId: 'yours' })
  expect(found).toEqual({
    hasApiKey: true,
    accountId: 'yours',
    baseUrl: 'https://api.fireworks.ai',
    dashboardUrl: 'https://app.fireworks.ai/dashboard/evaluators',
    origins: { apiKey: 'environment', accountId: 'option', baseUrl: 'default' },
  })
  expectNoSecrets(found)
})
