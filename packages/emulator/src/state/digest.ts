import { createHash } from 'node:crypto'

/** The store's digests of an object. */
export interface Digest {
  size: number
  /** Hex. */
  md5: string
  /** Base64 of the four bytes, big end first. */
  crc32c: string
}

/** Takes the bytes while they pass, so that no body is read twice. */
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

/** Castagnoli's polynomial, reversed. The store reports this CRC, which zlib does not offer. */
const polynomial = 0x82f63b78

/**
 * Four tables of 256 in a row, so that four bytes are taken at a time: one table alone is slower than md5 and
 * would limit the speed of big uploads.
 */
const tables: Int32Array = makeTables()

function makeTables(): Int32Array {
  const all = new Int32Array(4 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    all[byte] = crc
  }
  for (let i = 256; i < all.length; i++) {
    const previous = all[i - 256] ?? 0
    all[i] = (previous >>> 8) ^ (all[previous & 0xff] ?? 0)
  }
  return all
}

/** A running CRC32C. */
export interface Crc32c {
  update(bytes: Uint8Array): void
  /** The sum as the store writes it: four bytes, big end first, in base64. */
  base64(): string
}

export function createCrc32c(): Crc32c {
  let crc = -1
  return {
    update(bytes) {
      const t = tables
      const words = bytes.length - (bytes.length % 4)
      let i = 0
      for (; i < words; i += 4) {
        crc ^=
          (bytes[i] ?? 0) |
          ((bytes[i + 1] ?? 0) << 8) |
          ((bytes[i + 2] ?? 0) << 16) |
          ((bytes[i + 3] ?? 0) << 24)
        crc =
          (t[768 + (crc & 0xff)] ?? 0) ^
          (t[512 + ((crc >>> 8) & 0xff)] ?? 0) ^
          (t[256 + ((crc >>> 16) & 0xff)] ?? 0) ^
          (t[crc >>> 24] ?? 0)
      }
      for (; i < bytes.length; i++) crc = (crc >>> 8) ^ (t[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0)
    },
    base64() {
      const sum = Buffer.alloc(4)
      sum.writeInt32BE(~crc)
      return sum.toString('base64')
    },
  }
}
