import { deadline } from '../deadline.ts'
import type { Session } from '../gateway/session.ts'
import { exchange, headerValues, type Reply } from '../http/exchange.ts'
import { saysMissing } from './failure.ts'
import { parseSignedUrl } from './signed-url.ts'

/**
 * The md5 (hex) of the object that a store's answer speaks of, where it says so. Google's `x-goog-hash` comes as one
 * header or two; Azure has a header of its own. An ETag is an md5 only as 32 hex
 * digits, and not where the store encrypts with a customer's key.
 */
export function storedMd5(reply: Reply): string | undefined {
  const hashes = headerValues(reply, 'x-goog-hash').flatMap((value) => value.split(','))
  const md5 = hashes.map((each) => each.trim()).find((each) => each.startsWith('md5='))
  const ofWhole = md5?.slice('md5='.length) ?? headerValues(reply, 'x-ms-blob-content-md5')[0]
  // On a part of an object Content-MD5 is the part's; the others always speak of the whole.
  const base64 = ofWhole ?? (reply.status === 206 ? undefined : headerValues(reply, 'content-md5')[0])
  if (base64) return Buffer.from(base64, 'base64').toString('hex')
  if (reply.headers['x-goog-encryption-kms-key-name'] || isKmsEncrypted(reply)) return undefined
  return /^"?([0-9a-f]{32})"?$/i.exec(headerValues(reply, 'etag')[0] ?? '')?.[1]?.toLowerCase()
}

function isKmsEncrypted(reply: Reply): boolean {
  return headerValues(reply, 'x-amz-server-side-encryption').some((value) => value.startsWith('aws:kms'))
}

/** What a store says of the archive that it holds. */
export interface Stored {
  /** Hex. */
  readonly md5?: string | undefined
  /** Bytes. */
  readonly size?: number | undefined
  /** The store says that it holds nothing there. */
  readonly isMissing?: boolean
}

/** It only saves an upload, or confirms one, so it may not take longer than one. */
const MAX_LOOK_MS = 10_000

/**
 * What the store tells of the archive that the service holds; nothing where it cannot tell, for whatever reason: then
 * the archive is uploaded, which is never wrong. Asks for one byte, because a HEAD would not match the signature of a
 * URL that is signed for GET.
 */
export async function findStored(evaluatorId: string, session: Session): Promise<Stored> {
  const { dispatcher, config, signal: parent } = await session.net()
  const { signal, clear } = deadline(MAX_LOOK_MS, 'The store did not say in time what it holds.', '', parent)
  try {
    const urls = await session.withSignal(signal).gateway.getSourceCodeSignedUrl(evaluatorId)
    const url = urls[`${evaluatorId}.tar.gz`] ?? onlyValue(urls)
    if (!url) return {}
    parseSignedUrl(url, 'ask the store what it holds', config.baseUrl)
    const outcome = await exchange(dispatcher, {
      method: 'GET',
      url,
      headers: { range: 'bytes=0-0' },
      signal,
      idleMs: config.timeouts.attemptMs,
      beginningOnly: true,
    })
    if ('failed' in outcome) return {}
    if (await saysMissing(outcome.reply)) return { isMissing: true }
    if (outcome.reply.status !== 200 && outcome.reply.status !== 206) return {}
    return { md5: storedMd5(outcome.reply), size: storedSize(outcome.reply) }
  } catch {
    return {}
  } finally {
    clear()
  }
}

/** Bytes of the whole object, as far as they are those that were stored. */
function storedSize(reply: Reply): number | undefined {
  if (reply.headers['content-encoding']) return undefined
  const [length] =
    reply.status === 206
      ? headerValues(reply, 'content-range').flatMap((value) => value.split('/')[1] ?? [])
      : headerValues(reply, 'content-length')
  return length !== undefined && /^\d+$/.test(length) ? Number(length) : undefined
}

/** A client of another make may have given the archive another name. */
function onlyValue(urls: Record<string, string>): string | undefined {
  const values = Object.values(urls)
  return values.length === 1 ? values[0] : undefined
}
