import { isSafeStore } from '../config/config.ts'
import { EvaluatorUploadError } from '../errors.ts'
import { keepSignature } from '../redact.ts'

/**
 * A URL that the service gave, fit to be used: https, or on this machine like the service itself, and without
 * credentials. From now on its signature is kept out of all texts.
 * @param what as in "Could not …"
 * @throws EvaluatorUploadError FW_SIGNED_URL
 */
export function parseSignedUrl(text: string, what: string, baseUrl: string): URL {
  keepSignature(text)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && isSafeStore(url, baseUrl)) return url
  const why = !url
    ? 'is not a URL'
    : url.username || url.password
      ? 'has credentials in it'
      : `is not an https address (${url.protocol}//${url.host})`
  throw new EvaluatorUploadError(
    'FW_SIGNED_URL',
    `Could not ${what}: the URL that the service gave ${why}.`,
    {
      hint: 'Check FIREWORKS_API_BASE: what answered there may not be the service.',
    },
  )
}

/** The parameters of a URL's query, whose names come in any case. */
export function queryOf(url: URL): ReadonlyMap<string, string> {
  return new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]))
}

/** Whether Google Cloud Storage answers there, which says in every answer what it holds. */
export function isGoogleUrl(url: URL): boolean {
  const query = queryOf(url)
  return (
    ['x-goog-signature', 'x-goog-algorithm', 'googleaccessid'].some((name) => query.has(name)) ||
    /(^|\.)storage\.googleapis\.com$/.test(url.hostname)
  )
}

/** When the URL ceases to be good, in milliseconds since 1970; `undefined` where its query does not tell. */
export function expiryOf(url: URL): number | undefined {
  const query = queryOf(url)
  for (const store of ['goog', 'amz']) {
    // 20261130T233000Z, which Date does not read.
    const began = query
      .get(`x-${store}-date`)
      ?.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5')
    const ms = Date.parse(began ?? '') + Number(query.get(`x-${store}-expires`)) * 1000
    if (Number.isFinite(ms)) return ms
  }
  // Azure's SAS says a date, the older signatures of Google and S3 seconds since 1970.
  const ms = query.has('sig')
    ? Date.parse(query.get('se') ?? '')
    : Number(query.get('expires') || Number.NaN) * 1000
  return Number.isFinite(ms) ? ms : undefined
}
