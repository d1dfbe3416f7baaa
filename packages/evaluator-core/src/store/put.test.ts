import { expect, test } from 'vitest'
import { putHeaders } from './put.ts'

const archive = { fileName: 'e.tar.gz', size: 12, md5: '5d41402abc4b2a76b9719d911017c592' }
const headersFor = (query: string) =>
  putHeaders(new URL(`https://store.example/b/e.tar.gz?${query}`), archive)
const BASE = {
  'content-type': 'application/octet-stream',
  'content-length': '12',
}

test('Google: every signed header is sent, and no other x-goog-* header', () => {
  expect(headersFor('X-Goog-SignedHeaders=content-type%3Bhost%3Bx-goog-content-length-range')).toEqual({
    ...BASE,
    'x-goog-content-length-range': '12,12',
  })
})

test('S3: content-md5 where it is signed', () => {
  expect(headersFor('X-Amz-SignedHeaders=content-md5;host')).toEqual({
    ...BASE,
    'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==',
  })
})

test('Azure: the blob type, which a SAS does not sign and the store demands', () => {
  expect(headersFor('sv=2024-11-04&sr=b&sig=abc')).toEqual({ ...BASE, 'x-ms-blob-type': 'BlockBlob' })
})

test('a URL that signs nothing gets the plain headers', () => {
  expect(headersFor('token=1')).toEqual(BASE)
})

test('a signed header whose value cannot be known is named', () => {
  expect(() => headersFor('X-Goog-SignedHeaders=host;x-goog-meta-owner')).toThrow(
    expect.objectContaining({
      code: 'FW_SIGNED_URL',
      message: expect.stringContaining('"x-goog-meta-owner"'),
    }),
  )
})
