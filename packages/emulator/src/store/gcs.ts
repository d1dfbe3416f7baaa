import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import type { AnswerHeaders } from '../server/exchange.ts'
import type { FlavourOptions, StoredFacts, StoreFlavour } from './flavour.ts'
import { googleDialect, verifyGoogle } from './gcs-verify.ts'
import { StoreRefusal } from './refusal.ts'
import { signV4 } from './v4-sign.ts'

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
    verify: (request, now) => verifyGoogle(request, now, publicKey),
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
    refusesCredential: new StoreRefusal(
      400,
      'CredentialsNotSupported',
      'This request does not support credentials.',
    ),
    noSuchObject: new StoreRefusal(404, 'NoSuchKey', 'The specified key does not exist.'),
    putAnswer: (stored) => ({ status: 200, headers: facts(stored, hashHeader) }),
    objectHeaders: (stored) => facts(stored, hashHeader),
    commonHeaders: (requestId) => ({ server: 'UploadServer', 'x-guploader-uploadid': requestId }),
  }
}

function facts(stored: StoredFacts, hashHeader: FlavourOptions['hashHeader']): AnswerHeaders {
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
