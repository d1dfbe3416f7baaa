import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { Storage } from '@google-cloud/storage'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { publicKeyBase64, publishedVectors } from '../testing/v4-vectors.ts'
import { createGcs } from './gcs.ts'
import { googleDialect, verifyGoogle } from './gcs-verify.ts'
import { readClaim } from './v4-claim.ts'
import { signV4, type V4Request } from './v4-sign.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const origin = 'http://127.0.0.1'
const signer = 'emulator@fw-evaluator.iam.gserviceaccount.com'
// It prints a warning about the way to pass credentials.
vi.spyOn(console, 'warn').mockImplementation(() => {})
const storage = new Storage({
  projectId: 'none',
  apiEndpoint: origin,
  credentials: { client_email: signer, private_key: privateKeyPem },
})
const gcs = createGcs({ origin, privateKeyPem, hashHeader: 'separate' })
// Google's signer refuses a past date, so the fixed time lies ahead.
const now = new Date('2126-11-23T15:00:00Z')
const expires = new Date(now.getTime() + 600_000)

function asRequest(method: string, signedUrl: string, headers: Record<string, string>): V4Request {
  const { pathname, searchParams, host } = new URL(signedUrl)
  return { method, path: pathname, query: [...searchParams], headers: { host, ...headers } }
}

test.each(publishedVectors)('published vector: $name', ({ method, url, headers }) => {
  const claim = readClaim(googleDialect, asRequest(method, url, headers))
  if (!claim || 'malformed' in claim) return expect.unreachable()
  const key = createPublicKey({ key: Buffer.from(publicKeyBase64, 'base64'), format: 'der', type: 'spki' })
  expect(
    verify('RSA-SHA256', Buffer.from(claim.stringToSign), key, Buffer.from(claim.signature, 'hex')),
  ).toBe(true)
})

const objectName = fc
  .array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.map((part) => part.replaceAll('/', '_')).join('/'))
  .filter((name) => !/(^|\/)\.{1,2}(\/|$)/.test(name))

test("an upload URL that Google's own client signs is accepted, and ours is the same", async () => {
  await fc.assert(
    fc.asyncProperty(objectName, fc.nat(), async (name, size) => {
      const headers = {
        'content-type': 'application/octet-stream',
        'x-goog-content-length-range': `${size},${size}`,
      }
      const [theirs] = await storage
        .bucket('bucket')
        .file(name)
        .getSignedUrl({
          version: 'v4',
          action: 'write',
          accessibleAt: now,
          expires,
          contentType: headers['content-type'],
          extensionHeaders: { 'x-goog-content-length-range': headers['x-goog-content-length-range'] },
        })
      const request = asRequest('PUT', theirs, headers)
      expect(() => verifyGoogle(request, now, publicKey)).not.toThrow()

      const target = { path: request.path, now, expiresSeconds: 600, size: String(size), extraHeaders: {} }
      const ours = new URL(gcs.uploadUrl(target)).searchParams
      expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(request.query))
    }),
    { numRuns: 30 },
  )
})

test("a download URL that Google's own client signs is accepted, and ours is the same", async () => {
  const [theirs] = await storage
    .bucket('bucket')
    .file('a b/c+d.tar.gz')
    .getSignedUrl({ version: 'v4', action: 'read', accessibleAt: now, expires })
  expect(() => gcs.verify(asRequest('GET', theirs, {}), now)).not.toThrow()
  const ours = gcs.downloadUrl({ path: '/bucket/a%20b/c%2Bd.tar.gz', now, expiresSeconds: 600 })
  expect(Object.fromEntries(new URL(ours).searchParams)).toEqual(
    Object.fromEntries(new URL(theirs).searchParams),
  )
})

test('the signed text is the canonical form: names sorted by bytes, values trimmed', () => {
  const seen: string[] = []
  signV4({
    dialect: googleDialect,
    origin,
    signer,
    now,
    expiresSeconds: 1,
    method: 'GET',
    path: '/b/o',
    query: [
      ['a', '2'],
      ['a-b', '1'],
    ],
    headers: { 'x-b': '  two   words ', 'x-a': '1' },
    sign: (text, scope) => {
      seen.push(text, scope)
      return ''
    },
  })
  expect(seen[1]).toBe('21261123/auto/storage/goog4_request')
  expect(seen[0]?.split('\n').slice(0, 3)).toEqual([
    'GOOG4-RSA-SHA256',
    '21261123T150000Z',
    '21261123/auto/storage/goog4_request',
  ])
})
