import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { Archive } from '../archive/archive.ts'
import { EvaluatorUploadError } from '../errors.ts'

/** Measured: at 64 KiB, a file stream's default, a PUT on loopback runs at a third of curl's speed. */
const CHUNK_BYTES = 1024 * 1024

/**
 * The archive from its first byte; each attempt needs a stream of its own.
 * @param onBytes hears how many bytes were handed on so far
 */
export function archiveStream(
  archive: Pick<Archive, 'body' | 'size'>,
  onBytes: (done: number) => void,
): Readable {
  const { body, size } = archive
  return 'bytes' in body ? memoryStream(body.bytes, onBytes) : fileStream(body.path, size, onBytes)
}

function memoryStream(bytes: Uint8Array, onBytes: (done: number) => void): Readable {
  let done = 0
  return new Readable({
    highWaterMark: CHUNK_BYTES,
    read() {
      if (done === bytes.length) return void this.push(null)
      const chunk = bytes.subarray(done, done + CHUNK_BYTES)
      done += chunk.length
      onBytes(done)
      this.push(chunk)
    },
  })
}

/**
 * Two buffers in turn: one is read into while the other is written. That is safe because a stream that holds a
 * chunk as large as its high water mark reads only one ahead, and undici takes the next when the last has drained.
 */
function fileStream(path: string, size: number, onBytes: (done: number) => void): Readable {
  const buffers = [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)] as const
  let file: FileHandle | undefined
  let done = 0
  let turn: 0 | 1 = 0
  const next = async () => {
    const buffer = buffers[turn]
    turn = turn === 0 ? 1 : 0
    const wanted = Math.min(CHUNK_BYTES, size - done)
    file ??= await open(path)
    let filled = 0
    while (filled < wanted) {
      const { bytesRead } = await file.read(buffer, filled, wanted - filled, done + filled)
      if (bytesRead === 0) throw cutShort(path)
      filled += bytesRead
    }
    done += filled
    onBytes(done)
    return buffer.subarray(0, filled)
  }
  return new Readable({
    highWaterMark: CHUNK_BYTES,
    read() {
      if (done === size) return void this.push(null)
      next().then(
        (chunk) => this.push(chunk),
        (error: Error) => this.destroy(error),
      )
    },
    destroy(error, callback) {
      if (!file) return callback(error)
      file.close().then(
        () => callback(error),
        () => callback(error),
      )
    },
  })
}

function cutShort(path: string): EvaluatorUploadError {
  return new EvaluatorUploadError(
    'FW_SOURCE',
    `The packed archive ${path} was cut short while it was sent.`,
    {
      hint: 'Something empties the temporary folder; set TMPDIR to another and run again.',
    },
  )
}
