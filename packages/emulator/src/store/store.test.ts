import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Emulator, startEmulator } from '../index.ts'
import { create, md5Hex, put, putHeaders, signedUrl, sourceUrls, uploadUrl } from '../testing/client.ts'

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator()
  await create(emulator)
})
afterEach(() => emulator.close())

const bytes = new TextEncoder().encode('twelve bytes')

interface Refused {
  status: number
  code: string | undefined
  parameter: string | undefined
  xml: string
}

async function refused(response: Response): Promise<Refused> {
  expect(response.headers.get('content-type')).toBe('application/xml; charset=UTF-8')
  const xml = await response.text()
  const element = (name: string): string | undefined =>
    new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml)?.[1]
  return { status: response.status, code: element('Code'), parameter: element('ParameterName'), xml }
}

test('a correct PUT: the answer has the digests of the stored bytes', async () => {
  const response = await put(await uploadUrl(emulator, bytes.length), bytes)
  expect([response.status, await response.text()]).toEqual([200, ''])
  const md5 = md5Hex(bytes)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    etag: `"${md5}"`,
    // fetch joins the two headers with a comma and a blank
    'x-goog-hash': `crc32c=8ir0eA==, md5=${Buffer.from(md5, 'hex').toString('base64')}`,
    'x-goog-stored-content-length': '12',
    'x-goog-stored-content-encoding': 'identity',
    'x-goog-generation': expect.stringMatching(/^\d{16,}$/),
    'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
})

test('the signed headers are those of the real service', async () => {
  const { searchParams, pathname } = new URL(await uploadUrl(emulator, bytes.length))
  expect(searchParams.get('X-Goog-SignedHeaders')).toBe('content-type;host;x-goog-content-length-range')
  expect(searchParams.get('X-Goog-Algorithm')).toBe('GOOG4-RSA-SHA256')
  expect(pathname).toMatch(/^\/fw-emulator-evaluators\/emulator\/my-eval\/[^/]+\/my-eval\.tar\.gz$/)
})

test('a newer PUT under the same URL replaces the older one', async () => {
  const target = await uploadUrl(emulator, bytes.length)
  const first = await put(target, bytes)
  const second = await put(target, bytes)
  const generations = [first, second].map(({ headers }) => BigInt(headers.get('x-goog-generation') ?? 0))
  expect(generations.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(generations)
  expect(new Set(generations).size).toBe(2)
})

test.each(['content-type', 'x-goog-content-length-range'])('a signed header is missing: %s', async (name) => {
  const target = await uploadUrl(emulator, bytes.length)
  const { [name]: _, ...headers } = putHeaders(bytes.length)
  const response = await fetch(target, { method: 'PUT', body: bytes, headers })
  expect(await refused(response)).toMatchObject({
    status: 400,
    code: 'MalformedSecurityHeader',
    parameter: name,
  })
  expect(emulator.requests.at(-1)?.problem).toMatch(/^MalformedSecurityHeader/)
})

test.each([
  ['content-type', 'application/gzip'],
  ['x-goog-content-length-range', '0,12'],
])('a signed header has another value: %s', async (name, value) => {
  const response = await put(await uploadUrl(emulator, bytes.length), bytes, { [name]: value })
  const { status, code, xml } = await refused(response)
  expect([status, code]).toEqual([403, 'SignatureDoesNotMatch'])
  expect(xml).toContain('<StringToSign>GOOG4-RSA-SHA256\n')
  expect(xml).toContain(`<CanonicalRequest>PUT\n`)
})

test('an x-goog header that is not signed', async () => {
  const response = await put(await uploadUrl(emulator, bytes.length), bytes, { 'x-goog-acl': 'private' })
  expect(await refused(response)).toMatchObject({
    status: 400,
    code: 'MalformedSecurityHeader',
    parameter: 'x-goog-acl',
  })
})

test.each<[string, (url: URL) => void]>([
  ['path', (url) => (url.pathname += 'x')],
  ['lifetime', (url) => url.searchParams.set('X-Goog-Expires', '7200')],
  ['signature', (url) => url.searchParams.set('X-Goog-Signature', 'ab'.repeat(256))],
  ['query', (url) => url.searchParams.set('userProject', 'other')],
])('another %s than was signed', async (_, change) => {
  const target = new URL(await uploadUrl(emulator, bytes.length))
  change(target)
  expect(await refused(await put(target.href, bytes))).toMatchObject({
    status: 403,
    code: 'SignatureDoesNotMatch',
  })
})

test('another method than the signed one: HEAD does not match a URL for GET', async () => {
  await put(await uploadUrl(emulator, bytes.length), bytes)
  const target = signedUrl((await sourceUrls(emulator)).body)
  const response = await fetch(target, { method: 'HEAD' })
  expect([response.status, await response.text()]).toEqual([403, ''])
  expect((await fetch(target)).status).toBe(200)
})

test.each(['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature'])(
  'a signature whose %s makes no sense',
  async (name) => {
    const target = new URL(await uploadUrl(emulator, bytes.length))
    target.searchParams.set(`X-Goog-${name}`, '')
    expect(await refused(await put(target.href, bytes))).toMatchObject({
      status: 400,
      code: 'MalformedSecurityHeader',
      parameter: `X-Goog-${name}`,
    })
  },
)

test('a lifetime of more than a week', async () => {
  const target = new URL(await uploadUrl(emulator, bytes.length))
  target.searchParams.set('X-Goog-Expires', '604801')
  expect(await refused(await put(target.href, bytes))).toMatchObject({
    status: 400,
    parameter: 'X-Goog-Expires',
  })
})

test('no signature at all', async () => {
  const { origin, pathname } = new URL(await uploadUrl(emulator, bytes.length))
  expect(await refused(await fetch(origin + pathname))).toMatchObject({ status: 403, code: 'AccessDenied' })
})

test.each([
  [13, 'EntityTooLarge'],
  [11, 'EntityTooSmall'],
])('%i bytes where 12 were signed', async (size, code) => {
  const target = await uploadUrl(emulator, 12)
  const response = await put(target, new Uint8Array(size), putHeaders(12))
  expect(await refused(response)).toMatchObject({ status: 400, code })
})

test('chunked: refused, and nothing is stored', async () => {
  const target = await uploadUrl(emulator, bytes.length)
  const status = await new Promise((resolve, reject) => {
    const sent = request(target, { method: 'PUT', headers: putHeaders(bytes.length) }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject)
    sent.write(bytes)
    sent.end()
  })
  expect(status).toBe(411)
  expect(emulator.requests.at(-1)?.problem).toMatch(/^MissingContentLength/)
  expect(emulator.evaluators.get('my-eval')?.files).toEqual([])
})

test('Content-MD5 of other bytes', async () => {
  const target = await uploadUrl(emulator, bytes.length)
  const response = await put(target, bytes, { 'content-md5': Buffer.alloc(16).toString('base64') })
  expect(await refused(response)).toMatchObject({ status: 400, code: 'BadDigest' })
  expect(emulator.evaluators.get('my-eval')?.files).toEqual([])
})

test.each<[string, (emulator: Emulator) => Record<string, string>, RegExp]>([
  [
    'the API key',
    ({ apiKey }) => ({ authorization: `Bearer ${apiKey}` }),
    /the API key was sent to the store/,
  ],
  [
    'the API key in another header',
    ({ apiKey }) => ({ 'x-api-key': apiKey }),
    /the API key was sent to the store/,
  ],
  ['another credential', () => ({ authorization: 'Basic YTpi' }), /a credential beside the signed URL/],
  ['a cookie', () => ({ cookie: 'a=b' }), /a credential beside the signed URL/],
])('refuses and records %s', async (_, headers, problem) => {
  const response = await put(await uploadUrl(emulator, bytes.length), bytes, headers(emulator))
  expect(await refused(response)).toMatchObject({ status: 400, code: 'CredentialsNotSupported' })
  const entry = emulator.requests.at(-1)
  expect(entry?.problem).toMatch(problem)
  expect(JSON.stringify(entry)).not.toContain(emulator.apiKey)
})

test('the log has no signature and no credential', async () => {
  const target = await uploadUrl(emulator, bytes.length)
  await put(target, bytes)
  const log = JSON.stringify(emulator.requests)
  expect(log).not.toContain(new URL(target).searchParams.get('X-Goog-Signature'))
  expect(log).not.toContain(emulator.apiKey)
  expect(emulator.requests.at(-1)?.query['X-Goog-SignedHeaders']).toContain('host')
})

test('a download of a part has the digests of the whole', async () => {
  await put(await uploadUrl(emulator, bytes.length), bytes)
  const target = signedUrl((await sourceUrls(emulator)).body)
  const response = await fetch(target, { headers: { range: 'bytes=0-0' } })
  expect([response.status, await response.text()]).toEqual([206, 't'])
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-range': 'bytes 0-0/12',
    'content-length': '1',
    etag: `"${md5Hex(bytes)}"`,
    'x-goog-stored-content-length': '12',
  })
  const beyond = await fetch(target, { headers: { range: 'bytes=12-' } })
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */12'])
})

test('a body over 4 MiB goes through a file, and comes back whole', async () => {
  const big = new Uint8Array(6 * 1024 * 1024).fill(7)
  expect((await put(await uploadUrl(emulator, big.length), big)).status).toBe(200)
  const [file] = emulator.evaluators.get('my-eval')?.files ?? []
  expect(file).toMatchObject({ size: big.length, md5: md5Hex(big) })
  expect(md5Hex((await file?.bytes()) ?? Buffer.alloc(0))).toBe(md5Hex(big))
  const downloaded = await fetch(signedUrl((await sourceUrls(emulator)).body))
  expect(md5Hex(new Uint8Array(await downloaded.arrayBuffer()))).toBe(md5Hex(big))
})
