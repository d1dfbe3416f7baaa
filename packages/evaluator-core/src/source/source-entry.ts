/** A file of the archive to be. */
export interface SourceEntry {
  /** Below the top folder, with `/` between names. */
  readonly path: string
  readonly content: Uint8Array | { readonly file: string }
}

/** What the package itself writes, which must not be packed with the next run. */
export interface OwnFiles {
  /** `<evaluatorId>.tar.gz`: left out at the root of the source. */
  fileName: string
  outFile?: string | undefined
}

/** UTF-16 order, JavaScript's own, is not the order of the UTF-8 bytes; that of one character a byte is. */
export function sortByBytes<T extends { path: string }>(entries: readonly T[]): T[] {
  const key = (path: string): string => (/^[ -~]*$/.test(path) ? path : Buffer.from(path).toString('latin1'))
  const keyed = entries.map((entry) => ({ entry, key: key(entry.path) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ entry }) => entry)
}
