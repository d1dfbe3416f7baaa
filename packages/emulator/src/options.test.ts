import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { get as httpGet, request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { type Emulator, type EmulatorOptions, startEmulator } from './index.ts'
import { resolveOptions } from './options.ts'
import {
  buildLog,
  call,
  create,
  field,
  get,
  put,
  putSource,
  signedUrl,
  sourceUrls,
  uploadAndBuild,
  uploadUrl,
} from './testing/client.ts'

/** A certificate for 127.0.0.1 that no client trusts. */
async function selfSigned(): Promise<{ key: string; cert: string }> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  return { key, cert }
}

let emulator: Emulator | undefined
afterEach(() => emulator?.close())

async function start(options?: EmulatorOptions): Promise<Emulator> {
  emulator = await startEmulator(options)
  return emulator
}

/** A port that was just free. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const port = field(server.address(), 'port')
  await new Promise((resolve) => server.close(resolve))
  return Number(port)
}

test('port and storePort', async () => {
  const attempt = async (left: number): Promise<[EmulatorOptions, Emulator]> => {
    const ports = { port: await freePort(), storePort: await freePort() }
    try {
      return [ports, await start(ports)]
    } catch (error) {
      // Another process was quicker.
      if (left === 0) throw error
      return attempt(left - 1)
    }
  }
  const [{ port, storePort }, { url, storeUrl }] = await attempt(5)
  expect([url, storeUrl]).toEqual([`http://127.0.0.1:${port}`, `http://127.0.0.1:${storePort}`])
})

test('ports by default: two free ports, for two origins', async () => {
  const { url, storeUrl } = await start()
  expect(new URL(url).port).not.toBe('0')
  expect(url).not.toBe(storeUrl)
})

test('a port in use: the start fails, and leaves nothing behind', async () => {
  const { url } = await start()
  const dir = await mkdtemp(join(tmpdir(), 'emulator-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const servers = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length
  const before = servers()
  await expect(startEmulator({ port: Number(new URL(url).port), dir })).rejects.toThrow('EADDRINUSE')
  expect(servers()).toBe(before)
  await (await startEmulator({ dir })).close()
})

test('the defaults', () => {
  expect(resolveOptions({})).toEqual({
    port: 0,
    storePort: 0,
    dir: undefined,
    faults: [],
    buildMs: 50,
    apiKey: undefined,
    accountId: undefined,
    uploadUrlTtlSeconds: 3600,
    downloadUrlTtlSeconds: 3600,
    tls: undefined,
    storeOrigin: undefined,
    storeFlavour: 'gcs',
    hashHeader: 'separate',
  })
})

test('faults', async () => {
  const running = await start({ faults: [{ step: 'create', do: { kind: 'status', status: 500 } }] })
  expect((await create(running)).status).toBe(500)
})

test('buildMs', async () => {
  const running = await start({ buildMs: 150 })
  const began = performance.now()
  await uploadAndBuild(running)
  expect(performance.now() - began).toBeGreaterThanOrEqual(149)
})

test('apiKey', async () => {
  const running = await start({ apiKey: 'my-key' })
  expect([running.apiKey, running.env.FIREWORKS_API_KEY]).toEqual(['my-key', 'my-key'])
  expect((await call(running, 'GET', '/v1/accounts')).status).toBe(200)
})

test('apiKey by default: a new one for each emulator', async () => {
  const first = await start()
  const second = await startEmulator()
  await second.close()
  expect(first.apiKey).toMatch(/^fw_emulator_[0-9a-f]{32}$/)
  expect(second.apiKey).not.toBe(first.apiKey)
})

test('accountId', async () => {
  const running = await start({ accountId: 'mine' })
  expect(running.env.FIREWORKS_ACCOUNT_ID).toBe('mine')
  expect((await create(running)).body).toMatchObject({ name: 'accounts/mine/evaluators/my-eval' })
  expect((await call(running, 'GET', '/v1/accounts/emulator/evaluators')).status).toBe(403)
})

test('env points a client to the gateway', async () => {
  const running = await start()
  expect(running.env).toEqual({
    FIREWORKS_API_KEY: running.apiKey,
    FIREWORKS_ACCOUNT_ID: 'emulator',
    FIREWORKS_API_BASE: running.url,
    FIREWORKS_BASE_URL: running.url,
  })
})

test('uploadUrlTtlSeconds and downloadUrlTtlSeconds', async () => {
  const running = await start({ uploadUrlTtlSeconds: 7, downloadUrlTtlSeconds: 8, buildMs: 1 })
  await uploadAndBuild(running)
  const log = field((await buildLog(running)).body, 'buildLogSignedUri')
  await create(running, 'b')
  const urls = [await uploadUrl(running, 1, 'b'), signedUrl((await sourceUrls(running)).body), String(log)]
  expect(urls.map((url) => new URL(url).searchParams.get('X-Goog-Expires'))).toEqual(['7', '8', '8'])
})

test('the lifetimes by default: an hour', async () => {
  const running = await start()
  await putSource(running)
  const urls = [await uploadUrl(running, 1), signedUrl((await sourceUrls(running)).body)]
  expect(urls.map((url) => new URL(url).searchParams.get('X-Goog-Expires'))).toEqual(['3600', '3600'])
})

test('hashHeader: one header, or two by default', async () => {
  for (const [options, count] of [
    [{}, 2],
    [{ hashHeader: 'joined' }, 1],
  ] as const) {
    const running = await startEmulator(options)
    await putSource(running)
    const target = signedUrl((await sourceUrls(running)).body)
    const hashes = await new Promise<string[] | undefined>((resolve, reject) => {
      httpGet(target, (response) => {
        response.resume()
        resolve(response.headersDistinct['x-goog-hash'])
      }).on('error', reject)
    })
    await running.close()
    expect(hashes).toHaveLength(count)
    expect(hashes?.join(',')).toMatch(/^crc32c=[^,]{8},md5=[^,]{24}$/)
  }
})

test('storeOrigin: signed URLs have it, and are valid through the proxy', async () => {
  const running = await start({ storeOrigin: 'http://store.example:8080', buildMs: 1 })
  await create(running)
  const url = await uploadUrl(running, 3)
  expect(new URL(url).origin).toBe('http://store.example:8080')
  const send = (host: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const headers = {
        host,
        'content-type': 'application/octet-stream',
        'x-goog-content-length-range': '3,3',
      }
      const path = url.slice(new URL(url).origin.length)
      httpRequest(running.storeUrl + path, { method: 'PUT', headers }, (response) => {
        resolve(response.resume().statusCode)
      })
        .on('error', reject)
        .end('abc')
    })
  expect(await send(new URL(running.storeUrl).host)).toBe(403)
  expect(await send('store.example:8080')).toBe(200)
})

test('storeFlavour s3', async () => {
  const running = await start({ storeFlavour: 's3', buildMs: 1 })
  await create(running)
  expect(new URL(await uploadUrl(running, 3)).searchParams.get('X-Amz-Algorithm')).toBe('AWS4-HMAC-SHA256')
})

test('tls: both origins speak https, with a certificate that the client must trust', async () => {
  const tls = await selfSigned()
  const running = await start({ tls, faults: [{ step: 'verifyApiKey', after: 1, do: { kind: 'reset' } }] })
  expect([running.url, running.storeUrl]).toEqual([
    expect.stringMatching(/^https:/),
    expect.stringMatching(/^https:/),
  ])
  const ask = (ca?: string): Promise<unknown> =>
    new Promise((resolve) => {
      const headers = { authorization: `Bearer ${running.apiKey}` }
      httpsRequest(`${running.url}/verifyApiKey`, { headers, ...(ca && { ca }) }, ({ statusCode }) =>
        resolve(statusCode),
      )
        .on('error', (error) => resolve('code' in error && error.code))
        .end()
    })
  expect(await ask()).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  expect(await ask(tls.cert)).toBe(200)
  expect(await ask(tls.cert)).toBe('ECONNRESET')
})

test('dir: the next emulator has everything again', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'emulator-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const first = await start({ dir, buildMs: 1, accountId: 'mine' })
  const bytes = await uploadAndBuild(first, undefined, { displayName: 'Kept' })
  const { body } = await get(first)
  const oldUrl = new URL(signedUrl((await sourceUrls(first)).body))
  await first.close()

  const second = await start({ dir })
  expect([second.apiKey, second.accountId]).toEqual([first.apiKey, 'mine'])
  expect((await get(second)).body).toEqual(body)
  const downloaded = await fetch(signedUrl((await sourceUrls(second)).body))
  expect(Buffer.from(await downloaded.arrayBuffer())).toEqual(Buffer.from(bytes))
  // The signing key is the same, so an older URL would be valid with the same port.
  const status = await new Promise((resolve, reject) => {
    const headers = { host: oldUrl.host }
    httpGet(second.storeUrl + oldUrl.pathname + oldUrl.search, { headers }, (response) => {
      resolve(response.resume().statusCode)
    }).on('error', reject)
  })
  expect(status).toBe(200)
})

test('without dir, close removes everything, also files too big for memory', async () => {
  const litter = async (): Promise<string[]> =>
    (await readdir(tmpdir())).filter((name) => name.startsWith(`fw-emulator-${process.pid}-`))
  const running = await start()
  await create(running)
  const big = new Uint8Array(5 * 1024 * 1024)
  await put(await uploadUrl(running, big.length), big)
  expect(await litter()).toHaveLength(1)
  await running.close()
  expect(await litter()).toEqual([])
})

test('dir: one emulator at a time', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'emulator-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const running = await start({ dir })
  await expect(startEmulator({ dir })).rejects.toThrow('is in use by another emulator')
  await running.close()
  await (await startEmulator({ dir })).close()
  expect((await readdir(dir)).sort()).toEqual(['blobs', 'emulator-2.lock', 'state.json'])
})

test('dir: of two starts at the same moment, one is refused', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'emulator-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const starts = await Promise.allSettled([startEmulator({ dir }), startEmulator({ dir })])
  expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  for (const started of starts) if (started.status === 'fulfilled') await started.value.close()
})

test('dir: the error says what to do if the process of the lock is another program', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'emulator-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const lock = join(dir, 'emulator-7.lock')
  await writeFile(lock, String(process.ppid))
  await expect(startEmulator({ dir })).rejects.toThrow(
    `If process ${process.ppid} is no emulator, remove ${lock}`,
  )
  await rm(lock)
  await (await startEmulator({ dir })).close()
})

test.each<[string, Record<string, unknown>, RegExp]>([
  ['an unknown option', { buildms: 3 }, /Unknown option 'buildms'/],
  [
    'a store origin with a path',
    { storeOrigin: 'http://store.example/' },
    /storeOrigin must be scheme, host and port/,
  ],
  ['a port out of range', { port: 70_000 }, /port must be a whole number from 0 to 65535/],
  ['a negative time', { buildMs: -1 }, /buildMs must be/],
  ['a lifetime over a week', { uploadUrlTtlSeconds: 604_801 }, /uploadUrlTtlSeconds must be .* 604800/],
  ['a lifetime of nothing', { downloadUrlTtlSeconds: 0 }, /downloadUrlTtlSeconds must be/],
  ['an unknown store', { storeFlavour: 'ftp' }, /storeFlavour must be one of gcs, s3, azure/],
  ['a port that is text', { port: '80' }, /port must be a whole number/],
  ['an empty key', { apiKey: '' }, /apiKey must be a string that is not empty/],
  ['a key without a certificate', { tls: { key: 'k' } }, /tls must be \{ key, cert \}/],
  ['an unknown form of hashes', { hashHeader: 'none' }, /hashHeader must be one of/],
  ['an impossible fault', { faults: [{ step: 'get', do: { kind: 'wrong-md5' } }] }, /can't happen at 'get'/],
])('refuses %s', async (_, options, message) => {
  await expect(startEmulator(options)).rejects.toThrow(message)
})
