import { canonicalRequest, stringToSign, type V4Dialect, type V4Request } from './v4-sign.ts'

/** The signature parameters of a request, not verified yet. */
export interface V4Claim {
  /** `20261123/auto/…`. */
  scope: string
  issuedAt: Date
  expiresAt: Date
  signedHeaders: readonly string[]
  signature: string
  /** Made from the request: the text that must have been signed. */
  canonicalRequest: string
  stringToSign: string
}

/** A parameter of the signature that is missing or invalid. */
export interface MalformedClaim {
  malformed: string
}

/** Reads the claim from a request; undefined if the request is not signed. */
export function readClaim(dialect: V4Dialect, request: V4Request): V4Claim | MalformedClaim | undefined {
  const parameter = (name: string): string | undefined =>
    request.query.find(([known]) => isParameter(dialect, name, known))?.[1]
  const malformed = (name: string): MalformedClaim => ({ malformed: dialect.parameterPrefix + name })

  const algorithm = parameter('Algorithm')
  if (algorithm === undefined) return undefined
  if (algorithm !== dialect.algorithm) return malformed('Algorithm')
  const credential = parameter('Credential')
  if (!credential?.includes('/')) return malformed('Credential')
  const date = parameter('Date')
  const issuedAt = parseDate(date)
  if (!date || !issuedAt) return malformed('Date')
  const expires = parameter('Expires') ?? ''
  if (!/^\d{1,9}$/.test(expires)) return malformed('Expires')
  const signedHeaders = parameter('SignedHeaders')?.split(';')
  if (!signedHeaders?.includes('host')) return malformed('SignedHeaders')
  const signature = parameter('Signature')
  if (!signature) return malformed('Signature')

  const scope = credential.slice(credential.indexOf('/') + 1)
  const canonical = canonicalRequest({
    ...request,
    query: request.query.filter(([name]) => !isParameter(dialect, 'Signature', name)),
    headers: Object.fromEntries(signedHeaders.map((name) => [name, request.headers[name] ?? ''])),
  })
  return {
    scope,
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + Number(expires) * 1000),
    signedHeaders,
    signature,
    canonicalRequest: canonical,
    stringToSign: stringToSign(dialect, date, scope, canonical),
  }
}

/** Names of parameters are compared without case: some of Google's own tools write them in lower case. */
function isParameter(dialect: V4Dialect, name: string, candidate: string): boolean {
  return candidate.toLowerCase() === (dialect.parameterPrefix + name).toLowerCase()
}

function parseDate(text: string | undefined): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '')
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(date.getTime()) ? undefined : date
}
