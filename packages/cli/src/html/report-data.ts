// The data of the page. Compiled for Node and for the browser.

/** A file in an archive: its path, size, size when compressed alone, and digest. */
export type ReportFile = readonly [path: string, size: number, compressed: number, digest: string]

export interface ReportArchive {
  /** The name on the command line. */
  readonly path: string
  readonly kind: 'folder' | 'archive'
  readonly packedSize: number
  readonly sha256: string
  readonly md5: string
  readonly entryPoint?: string
  readonly files: readonly ReportFile[]
  /** At most 100 paths for each rule. */
  readonly leftOut: readonly {
    readonly rule: string
    readonly paths: readonly string[]
    readonly count: number
  }[]
  readonly problems: readonly string[]
}

/** One archive, or two to compare. */
export interface ReportData {
  readonly archives: readonly ReportArchive[]
}
