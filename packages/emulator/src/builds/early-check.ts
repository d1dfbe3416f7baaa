import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { type Blob, openBlob } from '../state/blobs.ts'
import { type CheckedArchive, checkArchive } from './archive-check.ts'

/** Checks an archive while it is uploaded, so that validateUpload answers at once, as the service does. */
export interface EarlyCheck {
  /** Passes the pieces on, and hands each to the check first. */
  through(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>
  /** Sets the blob of the result. */
  became(blob: Blob): void
}

const checks = new WeakMap<Blob, Promise<CheckedArchive>>()

export function beginCheck(): EarlyCheck {
  const input = new PassThrough()
  const check = checkArchive(input)
  // A failure is reported by validateUpload. Without a handler here it would be an unhandled rejection.
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

/** The result for an archive. An archive from before a restart is checked now. @throws {ArchiveFault} */
export async function checkedArchive(blob: Blob): Promise<CheckedArchive> {
  const check = checks.get(blob) ?? checkArchive(openBlob(blob))
  // The result may hold large texts, and is seldom needed twice.
  checks.delete(blob)
  return check
}

/** Also resolves when the stream closes: the check stops reading at the first fault. */
async function drained(input: PassThrough): Promise<void> {
  const ended = new AbortController()
  const { signal } = ended
  await Promise.race([once(input, 'drain', { signal }), once(input, 'close', { signal })]).catch(() => {})
  ended.abort()
}
