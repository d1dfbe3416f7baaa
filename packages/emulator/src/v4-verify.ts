import { StoreRefusal } from './store-refusal.ts'
import { canonicalRequest, stringToSign, type V4Dialect, type V4Request } from './v4-sign.ts'

/** True when the signature belongs to the string and the scope (`20261123/auto/…`). */
export type V4Verifier = (stringToSign: string, signature: string, scope: string) => boolean

/** What a signed request says of itself, before any of it is believed. */
export interface V4Claim {
  scope: string
  /** `20261123T150000Z`. */
  date: string
  issuedAt: Date
  expiresAt: Date
  signedHeaders: readonly string[]
  signature: string
  canonical: string
  stringToSign: string
}

/** Reads the claim out of a request with a signed query; undefined where there is no such query. */
export function readClaim(dialect: V4Dialect, request: V4Request): V4Claim | undefined {
  const parameter = (name: string): string | undefined =>
    findParameter(request, dialect.parameterPrefix + name)
  const credential = parameter('Credential')
  const date = parameter('Date')
  const signature = parameter('Signature')
  const signedHeaders = parameter('SignedHeaders')?.split(';')
  const expires = Number(parameter('Expires'))
  if (!credential || !date || !signature || !signedHeaders || parameter('Algorithm') !== dialect.algorithm) {
    return undefined
  }
  const issuedAt = parseDate(date)
  if (!issuedAt || !Number.isInteger(expires)) return undefined
  const scope = credential.slice(credential.indexOf('/') + 1)
  const canonical = canonicalRequest({
    ...request,
    query: request.query.filter(([name]) => !isSignature(dialect, name)),
    headers: Object.fromEntries(signedHeaders.map((name) => [name, request.headers[name] ?? ''])),
  })
  return {
    scope,
    date,
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + expires * 1000),
    signedHeaders,
    signature,
    canonical,
    stringToSign: stringToSign(dialect, date, scope, canonical),
  }
}

/** Google's checks, in its words. @throws {StoreRefusal} */
export function verifyGoogle(dialect: V4Dialect, request: V4Request, now: Date, verify: V4Verifier): void {
  const claim = readClaim(dialect, request)
  if (!claim) {
    throw new StoreRefusal(403, 'AccessDenied', 'Access denied.', {
      Details: 'Anonymous caller does not have access to the object: the query bears no whole signature.',
    })
  }
  const malformed = (name: string, details: string): StoreRefusal =>
    new StoreRefusal(400, 'MalformedSecurityHeader', 'Your request has a malformed header.', {
      ParameterName: name,
      Details: details,
    })
  for (const name of claim.signedHeaders) {
    if (request.headers[name] !== undefined) continue
    throw malformed(name, 'Header was included in signedheaders, but not in the request.')
  }
  for (const name of Object.keys(request.headers)) {
    if (!name.startsWith(dialect.headerPrefix) || claim.signedHeaders.includes(name)) continue
    throw malformed(name, 'Header was included in the request, but not in signedheaders.')
  }
  const lifetimeSeconds = (claim.expiresAt.getTime() - claim.issuedAt.getTime()) / 1000
  if (lifetimeSeconds < 1 || lifetimeSeconds > 604_800) {
    throw new StoreRefusal(400, 'InvalidArgument', 'Invalid argument.', {
      Details: 'X-Goog-Expires must be between 1 and 604800 seconds.',
    })
  }
  if (now > claim.expiresAt) {
    throw new StoreRefusal(400, 'ExpiredToken', 'The provided token has expired.', {
      Details: `Request signature expired at: ${claim.expiresAt.toISOString()}`,
    })
  }
  if (claim.issuedAt.getTime() - now.getTime() > maxSkewMs) {
    throw new StoreRefusal(403, 'RequestTimeTooSkewed', 'The request date lies too far in the future.', {
      Details: `The URL is valid from ${claim.issuedAt.toISOString()}; the server's time is ${now.toISOString()}.`,
    })
  }
  if (!claim.signedHeaders.includes('host') || !verify(claim.stringToSign, claim.signature, claim.scope)) {
    throw new StoreRefusal(403, 'SignatureDoesNotMatch', 'Access denied.', {
      Details: 'The request signature we calculated does not match the signature you provided.',
      StringToSign: claim.stringToSign,
      CanonicalRequest: claim.canonical,
    })
  }
}

/** How far in the future a URL's date may lie. */
const maxSkewMs = 15 * 60_000

function findParameter(request: V4Request, name: string): string | undefined {
  return request.query.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1]
}

function isSignature(dialect: V4Dialect, name: string): boolean {
  return name.toLowerCase() === `${dialect.parameterPrefix}Signature`.toLowerCase()
}

function parseDate(text: string): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(date.getTime()) ? undefined : date
}
