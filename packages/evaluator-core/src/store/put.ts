import type { Archive } from '../archive/archive.ts'
import { isSafeOrigin } from '../config/config.ts'
import { EvaluatorUploadError } from '../errors.ts'
import type { Net } from '../gateway/call.ts'
import { exchange, type Reply, USER_AGENT } from '../http/exchange.ts'
import type { Failure } from '../http/failure.ts'
import { retry } from '../http/retry.ts'
import { archiveStream } from './archive-stream.ts'
import { storedMd5 } from './digest.ts'
import { storeFailure } from './failure.ts'

type Packed = Pick<Archive, 'fileName' | 'size' | 'md5' | 'body'>

/**
 * Sends the archive to a signed URL, each attempt all its bytes from the start, and compares the store's digest.
 * The URL alone is the permission: no key, cookie or further x-goog-* header goes along.
 * @returns `expired` where the store calls the URL too old; ask for a fresh one
 * @throws EvaluatorUploadError FW_SIGNED_URL, FW_INTEGRITY, FW_NETWORK, FW_TIMEOUT, FW_ABORTED
 */
export async function putArchive(
  signedUrl: string,
  archive: Packed,
  net: Net,
  onBytes: (done: number) => void,
): Promise<'stored' | 'expired'> {
  const what = `upload ${archive.fileName}`
  const url = parseSignedUrl(signedUrl, what)
  const headers = putHeaders(url, archive)
  let mismatches = 0
  const { config, dispatcher, signal, onRetry } = net
  return retry<'stored' | 'expired'>(
    async () => {
      const outcome = await exchange(dispatcher, {
        method: 'PUT',
        url: signedUrl,
        headers,
        body: (moved) =>
          archiveStream(archive, (done) => {
            moved()
            onBytes(done)
          }),
        signal,
        idleMs: config.timeouts.attemptMs,
      })
      if ('failed' in outcome) return outcome
      const { reply } = outcome
      if (reply.status !== 200 && reply.status !== 201) {
        const failed = await storeFailure(reply)
        return failed.expired ? { value: 'expired' } : { failed: withoutSignature(failed, url) }
      }
      const mismatch = compareDigest(reply, archive)
      if (!mismatch) return { value: 'stored' }
      mismatches += 1
      return { failed: { ...mismatch, retry: mismatches === 1 } }
    },
    { what, policy: config.retry, signal, onRetry },
  )
}

function parseSignedUrl(signedUrl: string, what: string): URL {
  const url = URL.canParse(signedUrl) ? new URL(signedUrl) : undefined
  if (url && isSafeOrigin(url) && !url.username && !url.password) return url
  const why = url ? `is not an https address (${url.protocol}//${url.host})` : 'is not a URL'
  throw new EvaluatorUploadError(
    'FW_SIGNED_URL',
    `Could not ${what}: what the service gave to upload to ${why}.`,
  )
}

/**
 * What the signature demands, header by header. Google Cloud Storage, S3 and Azure name the signed headers in the
 * query, or need none; a signed header that is missing or different is refused by the store in words that help
 * nobody, so one that we cannot know is an error here.
 */
export function putHeaders(url: URL, { size, md5, fileName }: Omit<Packed, 'body'>): Record<string, string> {
  const query = new Map([...url.searchParams].map(([key, value]) => [key.toLowerCase(), value]))
  const known: Record<string, string> = {
    'content-type': 'application/octet-stream',
    'content-length': String(size),
    'content-md5': Buffer.from(md5, 'hex').toString('base64'),
    // The exact size twice: `0,<size>` is refused, seen with the real service.
    'x-goog-content-length-range': `${size},${size}`,
    'x-goog-content-sha256': 'UNSIGNED-PAYLOAD',
    'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
  }
  const headers: Record<string, string> = {
    'content-type': 'application/octet-stream',
    'content-length': String(size),
    'user-agent': USER_AGENT,
  }
  const isAzureSas = query.has('sig') && query.has('sv')
  if (isAzureSas) headers['x-ms-blob-type'] = 'BlockBlob'
  const signed = query.get('x-goog-signedheaders') ?? query.get('x-amz-signedheaders') ?? 'host'
  for (const name of signed.toLowerCase().split(';')) {
    if (name === 'host') continue
    const value = known[name]
    if (value === undefined) {
      throw new EvaluatorUploadError(
        'FW_SIGNED_URL',
        `Could not upload ${fileName}: the signed URL demands the header "${name}", whose value is not known here.`,
        { hint: 'The service asks for more than this version knows; see whether there is a newer one.' },
      )
    }
    headers[name] = value
  }
  return headers
}

function compareDigest(reply: Reply, { md5, fileName }: Packed): Failure | undefined {
  const stored = storedMd5(reply)
  if (stored === undefined || stored === md5) return undefined
  return {
    code: 'FW_INTEGRITY',
    reason: `the store holds other bytes than were sent (md5 ${stored}, and ${md5} of ${fileName})`,
    hint: 'Something between here and the store changes what passes; run again on another network.',
  }
}

/** A store or a proxy may echo what it was sent. */
function withoutSignature(failed: Failure, url: URL): Failure {
  let { reason } = failed
  for (const [key, value] of url.searchParams) {
    if (value.length >= 16 && /sig|credential|token/i.test(key))
      reason = reason.replaceAll(value, '[redacted]')
  }
  return { ...failed, reason }
}
