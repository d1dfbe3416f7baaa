import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { type Emulator, type StoreFlavourName, startEmulator } from '../index.ts'
import { create, md5Hex, signedUrl, sourceUrls, uploadUrl } from '../testing/client.ts'
import { amazonDialect, s3Signer } from './s3.ts'
import { signV4 } from './v4-sign.ts'

let emulator: Emulator
afterEach(() => emulator?.close())

const bytes = new TextEncoder().encode('twelve bytes')
const octets = { 'content-type': 'application/octet-stream' }

async function start(storeFlavour: StoreFlavourName): Promise<string> {
  emulator = await startEmulator({ storeFlavour })
  await create(emulator)
  return uploadUrl(emulator, bytes.length)
}

function send(url: string, headers: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'PUT', body: bytes, headers })
}

async function statusAndCode(response: Response): Promise<[number, string | undefined]> {
  return [response.status, /<Code>(.*?)<\/Code>/.exec(await response.text())?.[1]]
}

/** Node's own client sends a body of unknown length in chunks. */
function sendChunked(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'PUT', headers }, (response) => resolve(response.resume().statusCode))
    sent.on('error', reject)
    sent.write(bytes)
    sent.end()
  })
}

async function download(): Promise<Response> {
  return fetch(signedUrl((await sourceUrls(emulator)).body))
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
test('s3: signs the published example as published', () => {
  const url = signV4({
    dialect: amazonDialect,
    sign: s3Signer('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'),
    signer: 'AKIAIOSFODNN7EXAMPLE',
    origin: 'https://examplebucket.s3.amazonaws.com',
    method: 'GET',
    path: '/test.txt',
    query: [],
    headers: {},
    now: new Date('2013-05-24T00:00:00Z'),
    expiresSeconds: 86_400,
  })
  expect(new URL(url).searchParams.get('X-Amz-Signature')).toBe(
    'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  )
})

test('s3: PUT and GET', async () => {
  const response = await send(await start('s3'), octets)
  expect([response.status, response.headers.get('etag')]).toEqual([200, `"${md5Hex(bytes)}"`])
  expect(response.headers.get('x-goog-hash')).toBeNull()
  const downloaded = await download()
  expect([downloaded.headers.get('etag'), await downloaded.text()]).toEqual([
    `"${md5Hex(bytes)}"`,
    'twelve bytes',
  ])
})

test('s3: refusals', async () => {
  const url = await start('s3')
  expect(await sendChunked(url, octets)).toBe(501)
  expect(await statusAndCode(await send(url, { ...octets, 'x-amz-acl': 'private' }))).toEqual([
    403,
    'AccessDenied',
  ])
  expect(await statusAndCode(await send(url, { 'content-type': 'a/b' }))).toEqual([
    403,
    'SignatureDoesNotMatch',
  ])
  expect(await statusAndCode(await send(`${url}&x=y`, octets))).toEqual([403, 'SignatureDoesNotMatch'])
  expect(await statusAndCode(await send(url, { ...octets, authorization: 'x' }))).toEqual([
    400,
    'InvalidArgument',
  ])
  const { origin, pathname, searchParams } = new URL(url)
  expect(await statusAndCode(await fetch(origin + pathname))).toEqual([403, 'AccessDenied'])
  searchParams.delete('X-Amz-Date')
  const undated = `${origin}${pathname}?${searchParams}`
  expect(await statusAndCode(await send(undated, octets))).toEqual([400, 'AuthorizationQueryParametersError'])
})

test.each([
  ['s3', octets, 'Request has expired'],
  ['azure', { 'x-ms-blob-type': 'BlockBlob' }, 'AuthenticationFailed'],
] as const)('%s: an expired URL', async (flavour, headers, text) => {
  await start(flavour)
  emulator.faults.add({ step: 'endpoint', do: { kind: 'expired-url' } })
  const response = await send(await uploadUrl(emulator, bytes.length), headers)
  expect([response.status, await response.text()]).toEqual([403, expect.stringContaining(text)])
})

test('azure: PUT and GET', async () => {
  const response = await send(await start('azure'), { 'x-ms-blob-type': 'BlockBlob' })
  const md5 = Buffer.from(md5Hex(bytes), 'hex').toString('base64')
  expect([response.status, response.headers.get('content-md5')]).toEqual([201, md5])
  expect(response.headers.get('etag')).toMatch(/^"0x[0-9A-F]+"$/)
  const downloaded = await download()
  expect([downloaded.headers.get('x-ms-blob-content-md5'), await downloaded.text()]).toEqual([
    md5,
    'twelve bytes',
  ])
})

test('azure: refusals', async () => {
  const url = await start('azure')
  const blob = { 'x-ms-blob-type': 'BlockBlob' }
  expect(await statusAndCode(await send(url, octets))).toEqual([400, 'MissingRequiredHeader'])
  expect(await sendChunked(url, blob)).toBe(411)
  expect(await statusAndCode(await send(url.replace('sp=cw', 'sp=rw'), blob))).toEqual([
    403,
    'AuthenticationFailed',
  ])
  expect(await statusAndCode(await send(url, { ...blob, authorization: 'x' }))).toEqual([
    403,
    'AuthenticationFailed',
  ])
  expect(await statusAndCode(await fetch(url))).toEqual([403, 'AuthorizationPermissionMismatch'])
})
