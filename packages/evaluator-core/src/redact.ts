import { printable } from './printable.ts'

/** A key or signature that must be found in any text. */
interface Secret {
  readonly length: number
  /** In lower case: what is in every text without `%` that the pattern matches. */
  readonly forms: readonly string[]
  /** All forms in which it may come back. To compile it takes 1 to 20 ms, so that is done for few texts. */
  pattern(): RegExp
}

/**
 * Keys known to this process, learnt when a configuration is resolved. For the whole process and no argument, because
 * a secret must also be kept out of errors that are made where it is not known.
 */
const keys = new Map<string, Secret>()

/** Signatures of the URLs that were seen last. They expire, so that those of long ago need not be known. */
const signatures = new Map<string, Secret>()
const MAX_SIGNATURES = 200

/** Very short words would blank out plain text. */
const MIN_LENGTH = 8

/** From now on `key` is replaced wherever {@link redact} sees it: plain, percent-encoded, or in base64. */
export function keepSecret(key: string): void {
  if (key.length >= MIN_LENGTH && !keys.has(key)) keys.set(key, secretOf(key))
}

/** As {@link keepSecret}, for the parts of a signed URL's query that are the permission. */
export function keepSignature(signedUrl: string): void {
  if (!URL.canParse(signedUrl)) return
  for (const [name, value] of new URL(signedUrl).searchParams) {
    if (value.length < 2 * MIN_LENGTH || !/sig|credential|token/i.test(name) || /headers/i.test(name))
      continue
    signatures.delete(value)
    signatures.set(value, secretOf(value))
    const [oldest] = signatures.keys()
    if (oldest !== undefined && signatures.size > MAX_SIGNATURES) signatures.delete(oldest)
  }
}

const NAMED = '(?:X-(?:Goog|Amz)-(?:Signature|Credential|Security-Token)|AWSAccessKeyId|Signature|sig)'
/** Of a query, and of one that was percent-encoded, once or more often. */
const PARAMETER = new RegExp(`\\b(${NAMED})(=|%(?:25)*3D)(?:(?!%(?:25)*26)[^\\s&"'<>])+`, 'gi')

/** `text` without known keys and signatures, and else as it was. */
export function redactKnown(text: string): string {
  let clean = text
  for (const secret of [...keys.values(), ...signatures.values()]) {
    if (mayHold(clean, secret)) clean = clean.replace(secret.pattern(), '[redacted]')
  }
  return clean
}

/** False only where the pattern cannot match. */
function mayHold(text: string, { length, forms }: Secret): boolean {
  if (text.length < length) return false
  if (text.includes('%')) return true
  const lower = text.toLowerCase()
  const base64 = lower.replaceAll('-', '+').replaceAll('_', '/')
  return forms.some((form) => lower.includes(form) || base64.includes(form))
}

/** `text` without known keys and signatures, bearer tokens, and the queries of URLs. */
export function redact(text: string): string {
  return redactKnown(text)
    .replace(/\bBearer(\s+|%20|\+)[^\s"',]+/gi, 'Bearer [redacted]')
    .replace(/(https?:\/\/)[^\s"'<>/?#@]*@/gi, '$1[redacted]@')
    .replace(/(https?:\/\/[^\s"'<>?]*)\?[^\s"'<>]*/gi, '$1?[redacted]')
    .replace(/(https?%(?:25)*3A%(?:25)*2F[^\s"'<>]*?)%(?:25)*3F[^\s"'<>]*/gi, '$1?[redacted]')
    .replace(PARAMETER, '$1$2[redacted]')
}

/** A text of somebody else, made fit to be printed, logged or kept: harmless for a terminal, and without secrets. */
export function clean(text: string): string {
  // In this order: a control character in its middle would hide a key.
  return redact(printable(text))
}

/** Whether `key` is in `text`: plain, percent-encoded, or in base64. */
export function holdsKey(text: string, key: string): boolean {
  return key.length >= MIN_LENGTH && patternOf(key).test(text)
}

function secretOf(secret: string): Secret {
  const bytes = Buffer.from(secret)
  const forms = [bytes.toString('latin1'), ...[0, 1, 2].map((offset) => base64At(bytes, offset))]
  let pattern: RegExp | undefined
  return {
    length: bytes.length,
    forms: forms.map((form) => form.toLowerCase()),
    pattern() {
      pattern ??= patternOf(secret)
      return pattern
    },
  }
}

/** Three bytes are four letters: where in a header the secret begins decides which letters are its own. */
function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6))
}

function patternOf(secret: string): RegExp {
  const bytes = Buffer.from(secret)
  const escaped = [...bytes].map((byte) => {
    const letter = String.fromCharCode(byte).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    return `(?:${letter}|%(?:25)*${byte.toString(16).padStart(2, '0')})`
  })
  const encoded = [0, 1, 2].map((offset) =>
    base64At(bytes, offset).replaceAll('+', '[+-]').replaceAll('/', '[/_]'),
  )
  // Whatever the case: hexadecimal digits have two, and a key in another case is nearly the key.
  return new RegExp(`${escaped.join('')}|(?:${encoded.join('|')})[\\w+/-]{0,2}=*`, 'gi')
}
