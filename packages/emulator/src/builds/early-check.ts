import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { type Blob, openBlob } from '../state/blobs.ts'
import { type CheckedArchive, checkArchive } from './archive-check.ts'

/** An archive is looked into while it comes: the service has machines for that, and whoever validates waits for none. */
export interface EarlyCheck {
  /** The same pieces, each after it was handed to the check. */
  through(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>
  /** Says which blob the pieces have become. */
  became(blob: Blob): void
}

const checks = new WeakMap<Blob, Promise<CheckedArchive>>()

export function beginCheck(): EarlyCheck {
  const input = new PassThrough()
  const check = checkArchive(input)
  // Whoever validates is told of a fault; what never becomes a blob interests nobody.
  check.catch(() => {})
  return {
    async *through(body) {
      try {
        for await (const piece of body) {
          if (!input.destroyed && !input.write(piece)) await drained(input)
          yield piece
        }
        input.end()
      } finally {
        if (!input.writableEnded) input.destroy()
      }
    },
    became(blob) {
      checks.set(blob, check)
    },
  }
}

/** What was found in an archive; one that came before a restart is looked into now. @throws {ArchiveFault} */
export async function checkedArchive(blob: Blob): Promise<CheckedArchive> {
  const check = checks.get(blob) ?? checkArchive(openBlob(blob))
  // The texts in it may be large, and are seldom asked for twice.
  checks.delete(blob)
  return check
}

/** Or closed: what is no archive is not read to its end. */
async function drained(input: PassThrough): Promise<void> {
  const ended = new AbortController()
  const { signal } = ended
  await Promise.race([once(input, 'drain', { signal }), once(input, 'close', { signal })]).catch(() => {})
  ended.abort()
}
