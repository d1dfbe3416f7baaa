import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Archive } from '@fw/evaluator-core'
import type { Parser } from 'tar'

interface PumpOptions {
  signal?: AbortSignal | undefined
  /** Called with each piece of the stored archive. */
  onPacked?: ((piece: Uint8Array) => void) | undefined
  /** Called after each piece. If it throws, reading stops. */
  check?: (() => void) | undefined
}

const PIECE_BYTES = 256 * 1024
/** Longer padding is not decompressed to its end, so the checksum of gzip after it is not compared. */
const MAX_PADDING_BYTES = 64 * 1024 * 1024

/**
 * Reads a .tar.gz or .tar through `parser`, piece by piece, and checks for an abort after each.
 *
 * The parser must not get the padding after the end of the archive: it would keep all of it, and copy it with every
 * further piece, so that megabytes take minutes. The padding is still read, because the digests of the archive include
 * it.
 */
export async function pumpTar(
  body: Archive['body'],
  parser: Parser,
  { signal, onPacked, check }: PumpOptions = {},
): Promise<void> {
  let isOver = false
  let padding = 0
  let failure: unknown
  parser.once('eof', () => {
    isOver = true
  })
  parser.on('error', (error) => {
    failure ??= error
  })
  const source =
    'path' in body
      ? createReadStream(body.path, { highWaterMark: PIECE_BYTES })
      : Readable.from([Buffer.from(body.bytes)])
  const unzip = (await isGzip(body)) ? createGunzip({ chunkSize: PIECE_BYTES }) : new PassThrough()
  const isEnough = (): boolean => padding > MAX_PADDING_BYTES
  const reading = pipeline(
    source,
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        onPacked?.(piece)
        if (!isEnough()) yield piece
      }
    },
    unzip,
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        if (isOver) padding += piece.length
        else if (!parser.write(piece) && !isOver) await once(parser, 'drain', { signal })
        if (failure !== undefined) throw failure
        check?.()
      }
    },
    { signal },
  )
  await reading.catch((error: unknown) => {
    // The decompressor still needs the bytes that were held back.
    if (!isEnough() || signal?.aborted) throw error
  })
  const ended = once(parser, 'end', { signal })
  parser.end()
  await ended
  check?.()
}

async function isGzip(body: Archive['body']): Promise<boolean> {
  if ('bytes' in body) return body.bytes[0] === 0x1f && body.bytes[1] === 0x8b
  const file = await open(body.path)
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await file.close()
  }
}
