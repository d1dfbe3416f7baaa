import type { LeftOut } from '../source/left-out.ts'

/** A packed evaluator. Its bytes do not change: every attempt sends the same ones. */
export interface Archive {
  /** `<evaluatorId>.tar.gz` */
  readonly fileName: string
  /** Bytes. */
  readonly size: number
  /** Hex. */
  readonly sha256: string
  /** Hex; the digest that blob stores report. */
  readonly md5: string
  /** Files with their path relative to the top folder, and their size in bytes; sorted as in the archive. */
  readonly entries: readonly { readonly path: string; readonly size: number }[]
  /** Files that were left out, by rule. */
  readonly leftOut: readonly LeftOut[]
  /** The entry point that was given, or the only `@evaluation_test` function found. */
  readonly entryPoint?: string
  /** Small archives are in memory, others in a private temporary file (or in `outFile`). */
  readonly body: { readonly bytes: Uint8Array } | { readonly path: string }
  /** Removes the temporary file. Safe to call twice. */
  dispose(): Promise<void>
}
