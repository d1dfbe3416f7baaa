import { headerValues, type Reply } from '../http/exchange.ts'

/**
 * The md5 (hex) of the object that a store's answer speaks of, where it says so. Google's `x-goog-hash` comes as one
 * header or two; Azure has a header of its own. An ETag is an md5 only as 32 hex digits, and not where the store encrypts with a customer's key.
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
