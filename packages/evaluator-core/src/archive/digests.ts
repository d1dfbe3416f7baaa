import type { Archive } from './archive.ts'

/** Digests of bytes that pass. */
export interface Digests {
  update(piece: Uint8Array): Promise<void>
  /** Of all that passed. Once only. */
  end(): Promise<Pick<Archive, 'sha256' | 'md5'>>
}

/** node:crypto takes 4 ms to load: it is loaded with the first piece, while others are still being deflated. */
export function createDigests(): Digests {
  const load = async () => {
    const { createHash } = await import('node:crypto')
    return { sha256: createHash('sha256'), md5: createHash('md5') }
  }
  let loading: ReturnType<typeof load> | undefined
  const hashes = () => {
    loading ??= load()
    return loading
  }
  return {
    async update(piece) {
      const { sha256, md5 } = await hashes()
      sha256.update(piece)
      md5.update(piece)
    },
    async end() {
      const { sha256, md5 } = await hashes()
      return { sha256: sha256.digest('hex'), md5: md5.digest('hex') }
    },
  }
}
