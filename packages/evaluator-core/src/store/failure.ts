import type { XmlElement } from '@rgrove/parse-xml'
import type { Reply } from '../http/exchange.ts'
import type { Failure } from '../http/failure.ts'
import { parseRetryAfter, RETRIED_STATUS } from '../http/retry.ts'

export interface StoreFailure extends Failure {
  /** The URL is too old; a fresh one will do. */
  expired: boolean
}

/**
 * Reads a store's error. Of its XML only code, message and the parameter at fault are taken: other elements echo
 * the string to sign and the canonical request, which hold the signature's making.
 */
export async function storeFailure(reply: Reply): Promise<StoreFailure> {
  const { status } = reply
  const { Code, Message, ParameterName, Details } = await parseXmlError(reply.text)
  const said = [Code, Message].filter(Boolean).join(': ') || 'without a reason that we can read'
  const about = [ParameterName, Details].filter(Boolean).join(': ')
  const expired =
    Code === 'ExpiredToken' || (status === 403 && /expired|specified time frame/i.test(Message ?? ''))
  return {
    code: 'FW_SIGNED_URL',
    reason: `the store answered ${status} ${said.replace(/\.$/, '')}${about && ` (${about})`}`,
    status,
    retry: RETRIED_STATUS.has(status),
    retryAfterMs: parseRetryAfter(String(reply.headers['retry-after'] ?? '')),
    hint:
      status === 403 ? 'Check that no proxy rewrites the request, and that the clock is right.' : undefined,
    expired,
  }
}

const WANTED: readonly string[] = ['Code', 'Message', 'ParameterName', 'Details']

async function parseXmlError(text: string): Promise<Record<string, string | undefined>> {
  if (!text.trimStart().startsWith('<')) return {}
  // The parser is loaded only here: a good upload never needs it.
  const { parseXml, XmlElement } = await import('@rgrove/parse-xml')
  try {
    const children = parseXml(text.replace(/^\uFEFF/, '').trimStart()).root?.children ?? []
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
