import { promisify } from 'node:util'
import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib'

/**
 * A gzip member made of blocks that are deflated at the same time on libuv's pool, each with the end of the block
 * before it as dictionary. Where a block ends depends on the bytes alone, so any number of threads makes the same
 * file; and Node's zlib gave the same bytes on 20.19, 22.12, 24 and 26, on x64 and arm64 with and without SIMD.
 * (A Node that a distribution linked with its own zlib may differ.)
 */
export interface ParallelGzip {
  /** The free part of the current block, never empty. What was written to it is told with {@link advance}. */
  space(): Buffer
  /** `bytes` of {@link space} are filled. Resolves when there is space again, which is at once but for full blocks. */
  advance(bytes: number): Promise<void>
  write(bytes: Uint8Array): Promise<void>
  end(): Promise<void>
}

/** Takes the compressed pieces in order; the next one comes when its promise is settled. */
export type Sink = (piece: Uint8Array) => Promise<void>

export const BLOCK_BYTES: number = 1024 * 1024
/** The first blocks are small: a source of 1 MB, as most are, would otherwise be deflated by a single thread. */
export const SMALL_BLOCK_BYTES: number = 128 * 1024
export const SMALL_BLOCKS = 8
/** Enough that no thread waits for the event loop; each costs up to 2 MiB of memory. */
const BLOCKS_IN_FLIGHT = 8
const WINDOW_BYTES = 32 * 1024
const LEVEL = 6
const SAMPLE_BYTES = 16 * 1024
const SAMPLES = 4
/** A sample that shrinks by less is taken for incompressible: images, videos, archives, model weights. */
const MAX_SAMPLE_RATIO = 0.98
const MAX_STORED_BYTES = 65_535

/** No name, no time, and 255 for "unknown system" whatever system it is. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
/** An empty last block with the fixed codes: which block is the last need not be known when it is deflated. */
const LAST_BLOCK = Buffer.from([3, 0])

const deflateAsync = promisify<Buffer, object, Buffer>(deflateRaw)

export function createParallelGzip(sink: Sink): ParallelGzip {
  const inFlight: Promise<Uint8Array>[] = []
  const freeBlocks: Buffer[] = []
  let blockCount = 0
  let block: Buffer = Buffer.allocUnsafeSlow(SMALL_BLOCK_BYTES)
  let filled = 0
  let window: Buffer | undefined
  let crc = 0
  let size = 0
  let begun: Promise<void> | undefined

  function submit(): void {
    const full = block
    const data = full.subarray(0, filled)
    crc = crc32(data, crc)
    size += filled
    const piece = compress(data, window)
    // Whoever drains the queue hears of the failure; until then it must not count as unhandled.
    piece.catch(() => {})
    inFlight.push(piece.finally(() => full.length === BLOCK_BYTES && freeBlocks.push(full)))
    window = Buffer.from(data.subarray(-WINDOW_BYTES))
    blockCount++
    filled = 0
    block = nextBlock()
  }

  function nextBlock(): Buffer {
    if (blockCount < SMALL_BLOCKS) return Buffer.allocUnsafeSlow(SMALL_BLOCK_BYTES)
    return freeBlocks.pop() ?? Buffer.allocUnsafeSlow(BLOCK_BYTES)
  }

  async function drainTo(most: number): Promise<void> {
    begun ??= sink(HEADER)
    await begun
    while (inFlight.length > most) {
      const piece = await inFlight.shift()
      if (piece) await sink(piece)
    }
  }

  async function advance(bytes: number): Promise<void> {
    filled += bytes
    if (filled < block.length) return
    submit()
    await drainTo(BLOCKS_IN_FLIGHT)
  }

  return {
    space: () => block.subarray(filled),
    advance,
    async write(bytes) {
      for (let at = 0; at < bytes.length; ) {
        const part = bytes.subarray(at, at + block.length - filled)
        block.set(part, filled)
        at += part.length
        await advance(part.length)
      }
    },
    async end() {
      if (filled > 0) submit()
      await drainTo(0)
      const trailer = Buffer.alloc(8)
      trailer.writeUInt32LE(crc, 0)
      trailer.writeUInt32LE(size % 2 ** 32, 4)
      await sink(Buffer.concat([LAST_BLOCK, trailer]))
    },
  }
}

async function compress(data: Buffer, dictionary: Buffer | undefined): Promise<Uint8Array> {
  if (isIncompressible(data)) return stored(data)
  return deflateAsync(data, {
    level: LEVEL,
    // Ends the piece at a whole byte, so that the next can follow.
    finishFlush: constants.Z_SYNC_FLUSH,
    // One trip to the pool for a block, instead of one for every 16 KiB that come out.
    chunkSize: Math.max(data.length, SAMPLE_BYTES),
    ...(dictionary && { dictionary }),
  })
}

/** Deflating what cannot be deflated costs 25 ms a MiB; looking at samples costs 1 ms, and mostly a tenth of it. */
function isIncompressible(data: Buffer): boolean {
  if (data.length < SMALL_BLOCK_BYTES) return false
  for (let i = 0; i < SAMPLES; i++) {
    const start = Math.floor(((data.length - SAMPLE_BYTES) / (SAMPLES - 1)) * i)
    const sample = data.subarray(start, start + SAMPLE_BYTES)
    if (deflateRawSync(sample, { level: 1 }).length < SAMPLE_BYTES * MAX_SAMPLE_RATIO) return false
  }
  return true
}

/** As stored blocks, which bear their length and its complement. */
function stored(data: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < data.length; at += MAX_STORED_BYTES) {
    const part = data.subarray(at, at + MAX_STORED_BYTES)
    const head = Buffer.alloc(5)
    head.writeUInt16LE(part.length, 1)
    head.writeUInt16LE(~part.length & 0xffff, 3)
    parts.push(head, part)
  }
  return Buffer.concat(parts)
}
