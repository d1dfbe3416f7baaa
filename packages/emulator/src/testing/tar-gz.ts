import { gzipSync } from 'node:zlib'
import { Header, type HeaderData } from 'tar'

/** An entry with any header, also one that no tool would write. */
export interface RawEntry extends Partial<HeaderData> {
  path: string
  content?: string
}

/** A `.tar.gz` of these files, or of these raw entries. */
export function tarGz(entries: Record<string, string> | readonly RawEntry[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(tarBall(entries)))
}

export function tarBall(entries: Record<string, string> | readonly RawEntry[]): Buffer {
  const list: readonly RawEntry[] = isList(entries)
    ? entries
    : Object.entries(entries).map(([path, content]) => ({ path, content }))
  return Buffer.concat([...list.map(block), Buffer.alloc(1024)])
}

function isList(entries: Record<string, string> | readonly RawEntry[]): entries is readonly RawEntry[] {
  return Array.isArray(entries)
}

function block({ content = '', ...data }: RawEntry): Buffer {
  const bytes = Buffer.from(content)
  const header = Buffer.alloc(512)
  new Header({ type: 'File', mode: 0o644, mtime: new Date(0), ...data, size: bytes.length }).encode(header, 0)
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])
}
