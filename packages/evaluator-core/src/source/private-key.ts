import { readFileSync } from 'node:fs'
import { type SourceEntry, unreadable } from './read-entry.ts'

/**
 * Whether it is a `.pem` file with a private key in it, by its own name or that of the file it is taken from.
 * Certificates in the same format are no secret, and an evaluator may need them.
 */
export function holdsPrivateKey({ path, content }: SourceEntry): boolean {
  const isBytes = content instanceof Uint8Array
  if (!/\.pem$/i.test(path) && (isBytes || !/\.pem$/i.test(content.file))) return false
  if (isBytes) return isPrivateKey(Buffer.from(content).toString('latin1'))
  try {
    return isPrivateKey(readFileSync(content.file, 'latin1'))
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function isPrivateKey(text: string): boolean {
  return /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)
}
