import type { AnswerHeaders } from '../server/exchange.ts'
import type { Digest } from '../state/digest.ts'
import type { StoreRefusal } from './refusal.ts'
import type { V4Request } from './v4-sign.ts'

/** What the emulator needs of a kind of blob store: its signed URLs, its answers, and its way to refuse. */
export interface StoreFlavour {
  uploadUrl(target: UploadTarget): string
  downloadUrl(target: SignedTarget): string
  /** Checks the signature and all that is signed. @throws {StoreRefusal} */
  verify(request: V4Request, now: Date): void
  /** Checks the size against what was signed or demanded. @throws {StoreRefusal} */
  checkSize(headers: V4Request['headers'], size: number): void
  /** A PUT without an honest Content-Length. */
  readonly refusesChunked: StoreRefusal
  /** A credential where the URL is the credential. */
  readonly refusesCredential: StoreRefusal
  readonly noSuchObject: StoreRefusal
  /** Status and headers of a successful PUT. */
  putAnswer(stored: StoredFacts): { status: number; headers: AnswerHeaders }
  /** Headers of a successful GET or HEAD, beside those of every HTTP server. */
  objectHeaders(stored: StoredFacts): AnswerHeaders
  /** On every answer. */
  commonHeaders(requestId: string): AnswerHeaders
}

export interface SignedTarget {
  /** Bucket or container, and object, percent-encoded, beginning with a slash. */
  path: string
  now: Date
  expiresSeconds: number
}

interface UploadTarget extends SignedTarget {
  /** The exact number of bytes, in decimal: an int64 may be greater than any whole number of JavaScript's. */
  size: string
  /** Signed beside the usual ones. */
  extraHeaders: Readonly<Record<string, string>>
}

/** What a store reports of an object. */
export interface StoredFacts extends Digest {
  /** A decimal number, greater with each write. */
  generation: string
}

/** What a flavour is made from. */
export interface FlavourOptions {
  /** Scheme, host and port of the store: known only once it listens. */
  origin: string
  privateKeyPem: string
  hashHeader: 'separate' | 'joined'
}
