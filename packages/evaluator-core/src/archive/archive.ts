import type { LeftOut } from '../source/left-out.ts'

/** A packed evaluator. Final: the same bytes are sent on every try. */
export interface Archive {
  /** `<evaluatorId>.tar.gz` */
  readonly fileName: string
  /** Bytes. */
  readonly size: number
  /** Hex. */
  readonly sha256: string
  /** Hex; the digest that blob stores report. */
  readonly md5: string
  /** Files by their path below the top folder, with their size in bytes; sorted as in the archive. */
  readonly entries: readonly { readonly path: string; readonly size: number }[]
  /** What stayed out and by which rule. */
  readonly leftOut: readonly LeftOut[]
  /** The entry point that was given, or the only `@evaluation_test` function found. */
  readonly entryPoint?: string
  /** Small archives are in memory, others in a private temporary file (or in `outFile`). */
  readonly body: { readonly bytes: Uint8Array } | { readonly path: string }
  /** Removes the temporary file. Safe to call twice. */
  dispose(): Promise<void>
}
