import { createHash } from 'node:crypto'

/**
 * V4 signatures of Google Cloud Storage and of Amazon S3: the same construction with other names.
 * https://cloud.google.com/storage/docs/authentication/signatures
 */
export interface V4Dialect {
  /** Prefix of the query parameters, and of the headers that must be signed. */
  parameterPrefix: 'X-Goog-' | 'X-Amz-'
  headerPrefix: 'x-goog-' | 'x-amz-'
  algorithm: 'GOOG4-RSA-SHA256' | 'AWS4-HMAC-SHA256'
  /** Region, service and terminator: what follows the day in a credential's scope. */
  scope: readonly [region: string, service: string, terminator: string]
}

export interface V4Request {
  method: string
  /** Percent-encoded, as in the URL. */
  path: string
  /** Decoded, without the signature. */
  query: readonly (readonly [name: string, value: string])[]
  /** The signed headers. Names in lower case. */
  headers: Readonly<Record<string, string>>
}

/** Makes, from a string to sign and the scope (`20261123/auto/…`), the value of the signature parameter. */
export type V4Signer = (stringToSign: string, scope: string) => string

export interface V4SignOptions extends V4Request {
  dialect: V4Dialect
  sign: V4Signer
  /** Scheme, host and port. Its host is signed as the `host` header. */
  origin: string
  /** The signer: the e-mail of a service account, or an access key. */
  signer: string
  now: Date
  expiresSeconds: number
}

/** A URL that allows exactly one kind of request, with the given headers, until it expires. */
export function signV4(options: V4SignOptions): string {
  const { dialect, now, origin } = options
  const date = v4Date(now)
  const scope = [date.slice(0, 8), ...dialect.scope].join('/')
  const headers: Record<string, string> = { ...options.headers, host: new URL(origin).host }
  const query: [string, string][] = [
    ...options.query.map(([name, value]): [string, string] => [name, value]),
    [`${dialect.parameterPrefix}Algorithm`, dialect.algorithm],
    [`${dialect.parameterPrefix}Credential`, `${options.signer}/${scope}`],
    [`${dialect.parameterPrefix}Date`, date],
    [`${dialect.parameterPrefix}Expires`, String(options.expiresSeconds)],
    [`${dialect.parameterPrefix}SignedHeaders`, Object.keys(headers).sort().join(';')],
  ]
  const canonical = canonicalRequest({ ...options, headers, query })
  const signature = options.sign(stringToSign(dialect, date, scope, canonical), scope)
  return `${origin}${options.path}?${canonicalQuery(query)}&${dialect.parameterPrefix}Signature=${signature}`
}

/** `20261123T150000Z`. */
function v4Date(date: Date): string {
  return `${date.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`
}

export function stringToSign(dialect: V4Dialect, date: string, scope: string, canonical: string): string {
  return [dialect.algorithm, date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
}

export function canonicalRequest({ method, path, query, headers }: V4Request): string {
  const names = Object.keys(headers).sort()
  return [
    method,
    path.split('/').map(reencode).join('/'),
    canonicalQuery(query),
    ...names.map((name) => `${name}:${canonicalValue(headers[name] ?? '')}`),
    '',
    names.join(';'),
    headers['x-goog-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  ].join('\n')
}

function canonicalQuery(query: V4Request['query']): string {
  return query
    .map(([name, value]): [string, string] => [encodeRfc3986(name), encodeRfc3986(value)])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&')
}

/** By code unit: the names are ASCII by now, and the order must not depend on the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Reduces inner blanks to one, and removes those at the ends. */
function canonicalValue(value: string): string {
  return value.trim().replace(/\s+/g, ' ')
}

/** Clients escape different characters in a path; the signature must not depend on that. */
function reencode(segment: string): string {
  try {
    return encodeRfc3986(decodeURIComponent(segment))
  } catch {
    return segment
  }
}

export function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}
