import type { Archive } from '../archive/archive.ts'
import { EvaluatorUploadError } from '../errors.ts'
import type { Net } from '../gateway/call.ts'
import { exchange, headerValues, type Reply } from '../http/exchange.ts'
import type { Failure } from '../http/failure.ts'
import { retry } from '../http/retry.ts'
import { archiveStream } from './archive-stream.ts'
import { storedMd5 } from './digest.ts'
import { storeFailure } from './failure.ts'
import { isGoogleUrl, parseSignedUrl, queryOf } from './signed-url.ts'

type Packed = Pick<Archive, 'fileName' | 'size' | 'md5' | 'body'>

/**
 * What came of a PUT: `verified`, the store named the digest of what was sent; `stored`, it says that it has it, and
 * no more; `expired`, the URL was too old, and a fresh one may do.
 */
export type PutOutcome = 'verified' | 'stored' | 'expired'

/**
 * Sends the archive to a signed URL, each attempt all its bytes from the start, and compares the store's digest.
 * The URL alone is the permission: no key, cookie or further x-goog-* header goes along.
 * @throws EvaluatorUploadError FW_SIGNED_URL, FW_INTEGRITY, FW_NETWORK, FW_TIMEOUT, FW_ABORTED
 */
export async function putArchive(
  signedUrl: string,
  archive: Packed,
  net: Net,
  onBytes: (done: number) => void,
): Promise<PutOutcome> {
  const { config, dispatcher, signal, onRetry } = net
  const what = `upload ${archive.fileName}`
  const url = parseSignedUrl(signedUrl, what, config.baseUrl)
  const headers = putHeaders(url, archive)
  let doubts = 0
  return retry<PutOutcome>(
    async () => {
      let sent = 0
      let sentAtAnswer = 0
      const outcome = await exchange(dispatcher, {
        method: 'PUT',
        url: signedUrl,
        headers,
        body: (moved) =>
          archiveStream(archive, (done) => {
            moved()
            sent = done
            onBytes(done)
          }),
        signal,
        idleMs: config.timeouts.attemptMs,
        onHead: () => {
          sentAtAnswer = sent
        },
        beginningOnly: true,
      })
      if ('failed' in outcome) return outcome
      const { reply } = outcome
      if (reply.status !== 200 && reply.status !== 201) {
        const failed = await storeFailure(reply, url)
        return failed.expired ? { value: 'expired' } : { failed }
      }
      const judged = judge(reply, archive, { sentAtAnswer, isGoogle: isGoogleUrl(url) })
      if (typeof judged === 'string') return { value: judged }
      // Once more, for a fault on the way that passes; what stays so is told.
      doubts += 1
      return { failed: { ...judged, retry: judged.code === 'FW_INTEGRITY' && doubts === 1 } }
    },
    { what, policy: config.retry, signal, onRetry },
  )
}

/** Stored means: all bytes were sent, and a store said so. Whatever stands in between says 200 easily. */
function judge(
  reply: Reply,
  { size, md5, fileName }: Packed,
  { sentAtAnswer, isGoogle }: { sentAtAnswer: number; isGoogle: boolean },
): 'verified' | 'stored' | Failure {
  const { status } = reply
  const failed = {
    status,
    hint: 'Something between this machine and the store answers instead of it, or changes the request.',
  }
  if (sentAtAnswer < size) {
    const reason = `the store answered ${status} when ${sentAtAnswer} of ${size} bytes were sent`
    return { ...failed, code: 'FW_INTEGRITY', reason }
  }
  const stored = storedMd5(reply)
  if (stored === md5) return 'verified'
  if (stored !== undefined) {
    const reason = `the store holds other bytes than were sent (md5 ${stored}, and ${md5} of ${fileName})`
    return { ...failed, code: 'FW_INTEGRITY', reason }
  }
  if (reply.text.trim() !== '') {
    const type = headerValues(reply, 'content-type')[0]?.split(';')[0] ?? 'a text'
    return {
      ...failed,
      code: 'FW_SIGNED_URL',
      reason: `what answered ${status} is not a store, for it sent ${type}`,
    }
  }
  if (isGoogle && !reply.headers['x-goog-hash'] && !reply.headers.etag) {
    const reason = `the answer ${status} names neither hash nor ETag, as Google's store always does`
    return { ...failed, code: 'FW_INTEGRITY', reason }
  }
  return 'stored'
}

/**
 * What the signature demands, header by header. Google Cloud Storage, S3 and Azure name the signed headers in the
 * query, or need none; a signed header that is missing or different is refused by the store in words that help
 * nobody, so one that we cannot know is an error here.
 */
export function putHeaders(url: URL, { size, md5, fileName }: Omit<Packed, 'body'>): Record<string, string> {
  const query = queryOf(url)
  // A map, since a header may be called `constructor` too.
  const known = new Map([
    ['content-type', 'application/octet-stream'],
    ['content-length', String(size)],
    ['content-md5', Buffer.from(md5, 'hex').toString('base64')],
    // The exact size twice: `0,<size>` is refused, seen with the real service.
    ['x-goog-content-length-range', `${size},${size}`],
    ['x-goog-content-sha256', 'UNSIGNED-PAYLOAD'],
    ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD'],
  ])
  const headers: Record<string, string> = {
    'content-type': 'application/octet-stream',
    'content-length': String(size),
  }
  const isAzureSas = query.has('sig') && query.has('sv')
  if (isAzureSas) headers['x-ms-blob-type'] = 'BlockBlob'
  const signed = query.get('x-goog-signedheaders') ?? query.get('x-amz-signedheaders') ?? 'host'
  for (const name of signed.toLowerCase().split(';')) {
    if (name === 'host') continue
    const value = known.get(name)
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
