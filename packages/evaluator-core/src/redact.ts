/**
 * Secrets known to this process, learnt when a configuration is resolved. A set for the whole process and not
 * an argument, because a secret must also be kept out of errors that are made where it is not known.
 */
const known = new Set<string>()

/** From now on `secret` is replaced wherever {@link redact} sees it. Very short ones would blank out plain text. */
export function keepSecret(secret: string): void {
  if (secret.length >= 8) known.add(secret)
}

/** `text` without known keys, bearer tokens, and the queries of signed URLs. */
export function redact(text: string): string {
  let clean = text
  for (const secret of known) clean = clean.replaceAll(secret, '[redacted]')
  return clean
    .replace(/\bBearer\s+[^\s"',]+/gi, 'Bearer [redacted]')
    .replace(/(https?:\/\/[^\s"'<>?]*)\?[^\s"'<>]*/gi, '$1?[redacted]')
    .replace(/\b(X-(?:Goog|Amz)-(?:Signature|Credential|Security-Token)|sig)=[^\s&"'<>]+/gi, '$1=[redacted]')
}
