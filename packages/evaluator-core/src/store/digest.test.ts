import { expect, test } from 'vitest'
import { storedMd5 } from './digest.ts'

const HEX = '5d41402abc4b2a76b9719d911017c592'
const BASE64 = 'XUFAKrxLKna5cZ2REBfFkg=='
const md5 = (headers: Record<string, string | string[]>, status = 200) =>
  storedMd5({ status, headers, text: '' })

test.each([
  ['one x-goog-hash', { 'x-goog-hash': `crc32c=AAAAAA==,md5=${BASE64}` }],
  ['two x-goog-hash', { 'x-goog-hash': ['crc32c=AAAAAA==', `md5=${BASE64}`] }],
  ['an ETag', { etag: `"${HEX}"` }],
  ['an ETag without quotes', { etag: HEX.toUpperCase() }],
  ['x-ms-blob-content-md5', { 'x-ms-blob-content-md5': BASE64 }],
  ['Content-MD5', { 'content-md5': BASE64 }],
  ['x-goog-hash beside an ETag that is none', { 'x-goog-hash': `md5=${BASE64}`, etag: '"abc-2"' }],
])('%s', (_, headers) => {
  expect(md5(headers)).toBe(HEX)
})

test.each([
  ['nothing', {}],
  ['an ETag of several parts', { etag: `"${HEX}-2"` }],
  ['an ETag of an object under a customer key', { etag: `"${HEX}"`, 'x-goog-encryption-kms-key-name': 'k' }],
  ['an ETag of an object under KMS', { etag: `"${HEX}"`, 'x-amz-server-side-encryption': 'aws:kms' }],
  ['crc32c alone', { 'x-goog-hash': 'crc32c=AAAAAA==' }],
])('%s says nothing', (_, headers) => {
  expect(md5(headers)).toBeUndefined()
})

test('Content-MD5 of a part is not the md5 of the whole', () => {
  expect(md5({ 'content-md5': BASE64 }, 206)).toBeUndefined()
})
