import { createHash } from 'node:crypto'
import { createCrc32c } from './crc32c.ts'

/** What the store knows of the bytes that it holds. */
export interface Digest {
  size: number
  /** Hex. */
  md5: string
  /** Base64 of the four bytes, big end first. */
  crc32c: string
}

/** Takes bytes as they pass, so that no body is read twice. */
export interface Digester {
  update(bytes: Uint8Array): void
  digest(): Digest
}

export function createDigester(): Digester {
  const md5 = createHash('md5')
  const crc32c = createCrc32c()
  let size = 0
  return {
    update(bytes) {
      md5.update(bytes)
      crc32c.update(bytes)
      size += bytes.length
    },
    digest: () => ({ size, md5: md5.digest('hex'), crc32c: crc32c.base64() }),
  }
}
