import type { XmlElement } from '@rgrove/parse-xml'
import type { Reply } from '../http/exchange.ts'
import type { Failure } from '../http/failure.ts'
import { isPassing, parseRetryAfter } from '../http/retry.ts'
import { expiryOf } from './signed-url.ts'

export interface StoreFailure extends Failure {
  /** The URL is too old; a fresh one will do. */
  expired: boolean
}

/**
 * Reads a store's error. Of its XML only code, message and the parameter at fault are told: other elements echo
 * the string to sign and the canonical request, which hold the signature's making.
 * @param url that was asked: one that is past its own expiry is refused for that, whatever the store says
 */
export async function storeFailure(reply: Reply, url: URL): Promise<StoreFailure> {
  const { status } = reply
  const { Code, Message, ParameterName, Details, AuthenticationErrorDetail } = await parseXmlError(reply.text)
  const said = [Code, Message].filter(Boolean).join(': ') || 'without a reason that we can read'
  const about = [ParameterName, Details].filter(Boolean).join(': ')
  const words = `${Message ?? ''} ${AuthenticationErrorDetail ?? ''}`
  const saysExpired = Code === 'ExpiredToken' || /expired|specified time frame/i.test(words)
  const isRefused = status === 400 || status === 401 || status === 403
  return {
    code: 'FW_SIGNED_URL',
    reason: `the store answered ${status} ${said.replace(/\.$/, '')}${about && ` (${about})`}`,
    status,
    retry: isPassing(status),
    retryAfterMs: parseRetryAfter(String(reply.headers['retry-after'] ?? '')),
    hint:
      status === 403 ? 'Check that no proxy rewrites the request, and that the clock is right.' : undefined,
    expired: isRefused && (saysExpired || (status === 403 && isPast(url, reply))),
  }
}

/** Whether a store says in its own words that it has no such object; any server answers a bare 404. */
export async function saysMissing({ status, text }: Reply): Promise<boolean> {
  if (status !== 404) return false
  const { Code = '' } = await parseXmlError(text)
  return Code === 'NoSuchKey' || Code === 'BlobNotFound'
}

/** By the store's clock, where it tells the time. */
function isPast(url: URL, { headers }: Reply): boolean {
  const expiry = expiryOf(url)
  const now = Date.parse(String(headers.date))
  return expiry !== undefined && expiry <= (Number.isNaN(now) ? Date.now() : now)
}

const WANTED: readonly string[] = ['Code', 'Message', 'ParameterName', 'Details', 'AuthenticationErrorDetail']

async function parseXmlError(text: string): Promise<Record<string, string | undefined>> {
  if (!text.trimStart().startsWith('<')) return {}
  // The parser is loaded only here: a good upload never needs it.
  const { parseXml, XmlElement } = await import('@rgrove/parse-xml')
  try {
    const children = parseXml(text.trimStart()).root?.children ?? []
    const wanted = children.filter(
      (child): child is XmlElement => child instanceof XmlElement && WANTED.includes(child.name),
    )
    return Object.fromEntries(
      wanted.map(({ name, text }) => [name, text.trim().split('\n')[0]?.slice(0, 300)]),
    )
  } catch {
    // A proxy's HTML is not XML, and a cut-off answer neither.
    return {}
  }
}
