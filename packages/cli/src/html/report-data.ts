// What the page is made from; compiled for Node and for the browser.

/** A file in an archive: its path, bytes, bytes when compressed alone, and what tells its content from another's. */
export type ReportFile = readonly [path: string, size: number, compressed: number, digest: string]

export interface ReportArchive {
  /** As it was named on the command line. */
  readonly path: string
  readonly kind: 'folder' | 'archive'
  readonly packedSize: number
  readonly sha256: string
  readonly md5: string
  readonly entryPoint?: string
  readonly files: readonly ReportFile[]
  /** At most 100 paths of each rule are named. */
  readonly leftOut: readonly {
    readonly rule: string
    readonly paths: readonly string[]
    readonly count: number
  }[]
  readonly problems: readonly string[]
}

/** One archive, or two that are shown side by side. */
export interface ReportData {
  readonly archives: readonly ReportArchive[]
}
