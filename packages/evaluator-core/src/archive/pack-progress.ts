import type { Logger, PackOptions } from '../options.ts'

const MIB = 1024 * 1024

/** Tells how many bytes of the source were packed, at most once a MiB and once at the end. */
export interface PackProgress {
  add(bytes: number): void
  end(): void
}

export function createPackProgress(emit: NonNullable<PackOptions['onProgress']>): PackProgress {
  let done = 0
  let told = 0
  return {
    add(bytes) {
      done += bytes
      if (done - told < MIB) return
      told = done
      emit({ type: 'bytes', step: 'pack', done })
    },
    end() {
      if (done > told) emit({ type: 'bytes', step: 'pack', done, total: done })
    },
  }
}

/** A listener that throws must not leave an archive half packed: it is told of in one warning, and not called again. */
export function guardListener(
  listener: PackOptions['onProgress'],
  logger: Logger | undefined,
): NonNullable<PackOptions['onProgress']> {
  let isBroken = false
  return (event) => {
    if (isBroken) return
    try {
      listener?.(event)
    } catch (error) {
      isBroken = true
      logger?.warn(
        `onProgress threw and is not called again: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
}
