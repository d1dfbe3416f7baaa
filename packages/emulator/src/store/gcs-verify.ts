import type { KeyObject } from 'node:crypto'
import { verify } from 'node:crypto'
import { StoreRefusal } from './refusal.ts'
import { readClaim, type V4Claim } from './v4-claim.ts'
import type { V4Dialect, V4Request } from './v4-sign.ts'

export const googleDialect: V4Dialect = {
  parameterPrefix: 'X-Goog-',
  headerPrefix: 'x-goog-',
  algorithm: 'GOOG4-RSA-SHA256',
  scope: ['auto', 'storage', 'goog4_request'],
}

const maxLifetimeSeconds = 604_800
/** How far in the future a URL's date may lie. */
const maxSkewMs = 15 * 60_000

/** Google's checks of a request with a signed URL, with Google's messages. @throws {StoreRefusal} */
export function verifyGoogle(request: V4Request, now: Date, publicKey: KeyObject): void {
  const claim = readClaim(googleDialect, request)
  if (!claim) {
    throw new StoreRefusal(403, 'AccessDenied', 'Access denied.', {
      Details: 'Anonymous caller does not have access to the Google Cloud Storage object.',
    })
  }
  if ('malformed' in claim) throw malformed(claim.malformed, 'The parameter is missing or not valid.')
  checkHeaders(claim, request)
  checkTime(claim, now)
  if (verify('RSA-SHA256', Buffer.from(claim.stringToSign), publicKey, Buffer.from(claim.signature, 'hex'))) {
    return
  }
  throw new StoreRefusal(403, 'SignatureDoesNotMatch', 'Access denied.', {
    Details: 'The request signature we calculated does not match the signature you provided.',
    StringToSign: claim.stringToSign,
    CanonicalRequest: claim.canonicalRequest,
  })
}

/** Every signed header is required, and an `x-goog-*` header that is not signed is refused. */
function checkHeaders({ signedHeaders }: V4Claim, { headers }: V4Request): void {
  const missing = signedHeaders.find((name) => headers[name] === undefined)
  if (missing) throw malformed(missing, 'Header was included in signedheaders, but not in the request.')
  const unsigned = Object.keys(headers).find(
    (name) => name.startsWith(googleDialect.headerPrefix) && !signedHeaders.includes(name),
  )
  if (unsigned) throw malformed(unsigned, 'Header was included in the request, but not in signedheaders.')
}

function checkTime({ issuedAt, expiresAt }: V4Claim, now: Date): void {
  const lifetimeSeconds = (expiresAt.getTime() - issuedAt.getTime()) / 1000
  if (lifetimeSeconds < 1 || lifetimeSeconds > maxLifetimeSeconds) {
    throw malformed('X-Goog-Expires', `It must be between 1 and ${maxLifetimeSeconds} seconds.`)
  }
  if (now > expiresAt) {
    throw new StoreRefusal(400, 'ExpiredToken', 'The provided token has expired.', {
      Details: `Request signature expired at: ${expiresAt.toISOString()}`,
    })
  }
  if (issuedAt.getTime() - now.getTime() > maxSkewMs) {
    throw new StoreRefusal(403, 'RequestTimeTooSkewed', 'The request date lies too far in the future.', {
      Details: `The URL is dated ${issuedAt.toISOString()}; the server's time is ${now.toISOString()}.`,
    })
  }
}

function malformed(name: string, details: string): StoreRefusal {
  return new StoreRefusal(400, 'MalformedSecurityHeader', 'Your request has a malformed header.', {
    ParameterName: name,
    Details: details,
  })
}
