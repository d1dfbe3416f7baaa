import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { FlavourOptions, StoreFlavour } from './flavour.ts'
import { StoreRefusal } from './refusal.ts'
import { readClaim } from './v4-claim.ts'
import { signV4, type V4Dialect, type V4Signer } from './v4-sign.ts'

export const amazonDialect: V4Dialect = {
  parameterPrefix: 'X-Amz-',
  headerPrefix: 'x-amz-',
  algorithm: 'AWS4-HMAC-SHA256',
  scope: ['us-east-1', 's3', 'aws4_request'],
}

const accessKey = 'EMULATOREMULATOR0000'

/**
 * Amazon S3 with presigned URLs, path-style.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function createS3({ origin, privateKeyPem }: FlavourOptions): StoreFlavour {
  const secret = createHash('sha256').update(privateKeyPem).digest('hex')
  const sign = s3Signer(secret)
  const common = { dialect: amazonDialect, origin, signer: accessKey, query: [], sign }
  return {
    uploadUrl: ({ path, now, expiresSeconds, extraHeaders }) =>
      signV4({
        ...common,
        method: 'PUT',
        path,
        now,
        expiresSeconds,
        headers: { 'content-type': 'application/octet-stream', ...extraHeaders },
      }),
    downloadUrl: ({ path, now, expiresSeconds }) =>
      signV4({ ...common, method: 'GET', path, now, expiresSeconds, headers: {} }),
    verify(request, now) {
      const claim = readClaim(amazonDialect, request)
      if (!claim) throw denied('Access Denied')
      if ('malformed' in claim) {
        throw new StoreRefusal(
          400,
          'AuthorizationQueryParametersError',
          `${claim.malformed} is missing or not valid`,
        )
      }
      if (now > claim.expiresAt) {
        throw denied('Request has expired', {
          Expires: claim.expiresAt.toISOString(),
          ServerTime: now.toISOString(),
        })
      }
      const unsigned = Object.keys(request.headers).find(
        (name) => name.startsWith(amazonDialect.headerPrefix) && !claim.signedHeaders.includes(name),
      )
      if (unsigned) {
        throw denied('There were headers present in the request which were not signed', {
          HeadersNotSigned: unsigned,
        })
      }
      if (equal(sign(claim.stringToSign, claim.scope), claim.signature)) return
      throw new StoreRefusal(
        403,
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided.',
        {
          AWSAccessKeyId: accessKey,
          StringToSign: claim.stringToSign,
          CanonicalRequest: claim.canonicalRequest,
        },
      )
    },
    checkSize() {},
    refusesChunked: new StoreRefusal(
      501,
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
      { Header: 'Transfer-Encoding' },
    ),
    refusesCredential: new StoreRefusal(
      400,
      'InvalidArgument',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      { ArgumentName: 'Authorization' },
    ),
    noSuchObject: new StoreRefusal(404, 'NoSuchKey', 'The specified key does not exist.'),
    putAnswer: (stored) => ({ status: 200, headers: { etag: `"${stored.md5}"` } }),
    objectHeaders: (stored) => ({ etag: `"${stored.md5}"` }),
    commonHeaders: (requestId) => ({ server: 'AmazonS3', 'x-amz-request-id': requestId }),
  }
}

/** Derives the signing key from the secret and the parts of the scope. */
export function s3Signer(secret: string): V4Signer {
  return (text, scope) => {
    const key = scope.split('/').reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`))
    return hmac(key, text).toString('hex')
  }
}

function denied(message: string, more: Record<string, string> = {}): StoreRefusal {
  return new StoreRefusal(403, 'AccessDenied', message, more)
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
