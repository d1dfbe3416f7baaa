import type { PackOptions } from '../options.ts'

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
