import { Header } from 'tar'

export interface TarEntry {
  path: string
  type?: 'File' | 'SymbolicLink' | 'Link' | 'FIFO' | 'CharacterDevice'
  linkpath?: string
  text?: string
  mode?: number
}

/** A tar with any path and any type, also ones that no packer would write. */
export function tar(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ path, type = 'File', linkpath, text = '', mode = 0o644 }) => {
    const header = Buffer.alloc(512)
    new Header({ path, type, size: text.length, mode, ...(linkpath && { linkpath }) }).encode(header, 0)
    const padded = Buffer.alloc(Math.ceil(text.length / 512) * 512)
    padded.write(text)
    return [header, padded]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}
