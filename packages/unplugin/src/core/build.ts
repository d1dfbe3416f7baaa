/** One output that a bundler wrote (or, with `write: false`, would have written) as a whole. */
export interface Output {
  /** Absolute path of its output folder. */
  readonly dir: string
  /** Absolute path → the bytes where nothing is on disk, `undefined` where the file is. */
  readonly files: ReadonlyMap<string, string | Uint8Array | undefined>
  /** Those of {@link files} that are entries → absolute path of the module that each was built from. */
  readonly entries?: ReadonlyMap<string, string>
}

/** A part of a build that ended well: a Vite environment, a compiler, an esbuild build. */
export interface CleanPart {
  readonly label: string
  readonly outputs: readonly Output[]
}

/** A part of a build under way. */
export interface Part {
  /**
   * An output is being made: until it is written, or {@link Part.end} says otherwise, the part is not clean. After its
   * end this is a watcher's next round, and what the last one wrote is forgotten; within a round it is not, as Vite 8
   * begins once per format.
   */
  begin(): void
  /** An output was written, and nothing of it can fail any more. */
  wrote(output: Output): void
  /** Whether all that was begun has been written. */
  isClean(): boolean
  /**
   * The part has ended; `good` overrides what begin() and wrote() tell, for bundlers that say it themselves.
   * When this was the last open part of a build in which all went well, resolves after `settle`.
   */
  end(good?: boolean): Promise<void>
}

export interface BuildState {
  /** Opens a part. It takes the place of one with the same label: an earlier round of a watcher, or one announced. */
  open(label: string): Part
}

/**
 * Decides, for every bundler, whether a build has ended well: when every part that was opened has ended, and all of
 * them clean. Only then `settle` is called, once, with what was written. A part that failed, or never ended, keeps
 * the whole build from going up. Whoever must wait for more than has begun so far (Vite's app builds, which run
 * one environment after the other) holds an empty part open.
 *
 * The guard is `begin`, not an error: bundlers end builds without an error after another plugin has thrown, after
 * the first of two formats was written, and once more after the end with an error.
 */
export function createBuildState(settle: (parts: readonly CleanPart[]) => Promise<void>): BuildState {
  const parts = new Set<{ label: string; outputs: Output[]; clean: boolean; ended: boolean }>()

  return {
    open(label) {
      for (const other of parts) if (other.label === label) parts.delete(other)
      const part: { label: string; outputs: Output[]; clean: boolean; ended: boolean } = {
        label,
        outputs: [],
        clean: false,
        ended: false,
      }
      parts.add(part)
      return {
        begin() {
          if (part.ended) part.outputs = []
          part.ended = false
          part.clean = false
        },
        wrote(output) {
          part.outputs.push(output)
          part.clean = true
        },
        isClean() {
          return part.clean
        },
        async end(good = part.clean) {
          if (part.ended || !parts.has(part)) return
          part.ended = true
          part.clean = good
          const all = [...parts]
          if (!all.every((other) => other.ended && other.clean)) return
          // Copies: the next round of a watcher may begin while these still wait for their upload.
          await settle(all.map(({ label, outputs }) => ({ label, outputs: [...outputs] })))
        },
      }
    },
  }
}
