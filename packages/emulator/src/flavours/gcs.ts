import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { StoreRefusal } from '../store-refusal.ts'
import { signV4, type V4Dialect } from '../v4-sign.ts'
import { verifyGoogle } from '../v4-verify.ts'
import type { FlavourOptions, StoreFlavour } from './flavour.ts'

export const googleDialect: V4Dialect = {
  parameterPrefix: 'X-Goog-',
  headerPrefix: 'x-goog-',
  algorithm: 'GOOG4-RSA-SHA256',
  scope: ['auto', 'storage', 'goog4_request'],
}

const rangeHeader = 'x-goog-content-length-range'
const signer = 'emulator@fw-evaluator.iam.gserviceaccount.com'

/** Google Cloud Storage, as the service uses it: V4 URLs, path-style, with the exact size signed. */
export function createGcs({ origin, privateKeyPem, hashHeader }: FlavourOptions): StoreFlavour {
  const privateKey = createPrivateKey(privateKeyPem)
  const publicKey = createPublicKey(privateKey)
  const common = {
    dialect: googleDialect,
    origin,
    signer,
    query: [],
    sign: (text: string) => sign('RSA-SHA256', Buffer.from(text), privateKey).toString('hex'),
  }
  return {
    uploadUrl: ({ path, now, expiresSeconds, size, extraHeaders }) =>
      signV4({
        ...common,
        method: 'PUT',
        path,
        now,
        expiresSeconds,
        headers: {
          'content-type': 'application/octet-stream',
          [rangeHeader]: `${size},${size}`,
          ...extraHeaders,
        },
      }),
    downloadUrl: ({ path, now, expiresSeconds }) =>
      signV4({ ...common, method: 'GET', path, now, expiresSeconds, headers: {} }),
    verify: (request, now) =>
      verifyGoogle(googleDialect, request, now, (text, signature) =>
        verify('RSA-SHA256', Buffer.from(text), publicKey, Buffer.from(signature, 'hex')),
      ),
    checkSize(headers, size) {
      const range = headers[rangeHeader]
      if (range === undefined) return
      const [low = 0, high = Number.POSITIVE_INFINITY] = range.split(',').map(Number)
      if (size < low) {
        throw new StoreRefusal(
          400,
          'EntityTooSmall',
          'Your proposed upload is smaller than the minimum object size.',
          {
            Details: 'Content-length smaller than lower bound on range',
          },
        )
      }
      if (size > high) {
        throw new StoreRefusal(
          400,
          'EntityTooLarge',
          'Your proposed upload exceeds the maximum object size.',
          {
            Details: 'Content-length exceeds upper bound on range',
          },
        )
      }
    },
    refusesChunked: new StoreRefusal(
      411,
      'MissingContentLength',
      'You must provide the Content-Length HTTP header.',
    ),
    refusesCredential: new StoreRefusal(400, 'InvalidArgument', 'Invalid argument.', {
      Details: 'Only one means of authentication is allowed: the signed URL.',
    }),
    noSuchObject: new StoreRefusal(404, 'NoSuchKey', 'The specified key does not exist.'),
    putAnswer: (stored) => ({ status: 200, headers: facts(stored, hashHeader) }),
    objectHeaders: (stored) => facts(stored, hashHeader),
    commonHeaders: (requestId) => ({ server: 'UploadServer', 'x-guploader-uploadid': requestId }),
  }
}

function facts(
  stored: Parameters<StoreFlavour['putAnswer']>[0],
  hashHeader: FlavourOptions['hashHeader'],
): Record<string, string | string[]> {
  const hashes = [`crc32c=${stored.crc32c}`, `md5=${Buffer.from(stored.md5, 'hex').toString('base64')}`]
  return {
    etag: `"${stored.md5}"`,
    'x-goog-generation': stored.generation,
    'x-goog-metageneration': '1',
    'x-goog-hash': hashHeader === 'joined' ? hashes.join(',') : hashes,
    'x-goog-stored-content-length': String(stored.size),
    'x-goog-stored-content-encoding': 'identity',
  }
}
