import { generateKeyPair, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

let made: Promise<string> | undefined

/** The key that signs URLs, as PEM. Made once a process: it takes some hundred milliseconds, and tests start many emulators. */
export function signingKey(): Promise<string> {
  made ??= promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).then(({ privateKey }) => privateKey)
  return made
}

/** Random, so that a client that talks to the wrong emulator finds out. */
export function randomApiKey(): string {
  return `fw_emulator_${randomBytes(16).toString('hex')}`
}
