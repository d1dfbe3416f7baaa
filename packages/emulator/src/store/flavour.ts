import type { AnswerHeaders } from '../server/exchange.ts'
import type { Digest } from '../state/digest.ts'
import type { StoreRefusal } from './refusal.ts'
import type { V4Request } from './v4-sign.ts'

/** A kind of blob store: its signed URLs, its answers and its errors. */
export interface StoreFlavour {
  uploadUrl(target: UploadTarget): string
  downloadUrl(target: SignedTarget): string
  /** Checks the signature and everything that is signed. @throws {StoreRefusal} */
  verify(request: V4Request, now: Date): void
  /** Checks the size against the signed or required one. @throws {StoreRefusal} */
  checkSize(headers: V4Request['headers'], size: number): void
  /** The error for a PUT without a correct Content-Length. */
  readonly refusesChunked: StoreRefusal
  /** The error for a request with a credential: the URL is the credential. */
  readonly refusesCredential: StoreRefusal
  readonly noSuchObject: StoreRefusal
  /** Status and headers of a successful PUT. */
  putAnswer(stored: StoredFacts): { status: number; headers: AnswerHeaders }
  /** Headers of a successful GET or HEAD, in addition to the usual ones of HTTP. */
  objectHeaders(stored: StoredFacts): AnswerHeaders
  /** Headers of every answer. */
  commonHeaders(requestId: string): AnswerHeaders
}

export interface SignedTarget {
  /** Bucket or container, and object, percent-encoded, beginning with a slash. */
  path: string
  now: Date
  expiresSeconds: number
}

interface UploadTarget extends SignedTarget {
  /** The exact number of bytes, in decimal: an int64 may be larger than JavaScript's whole numbers. */
  size: string
  /** Signed headers, in addition to the usual ones. */
  extraHeaders: Readonly<Record<string, string>>
}

/** What a store reports about an object. */
export interface StoredFacts extends Digest {
  /** A decimal number, greater with each write. */
  generation: string
}

/** The parameters of a flavour. */
export interface FlavourOptions {
  /** Scheme, host and port of the store: known only once it listens. */
  origin: string
  privateKeyPem: string
  hashHeader: 'separate' | 'joined'
}
