import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { constants, crc32, deflateRaw, deflateRawSync, type ZlibOptions } from 'node:zlib'

/** Takes the compressed pieces in order; the next one comes when its promise is settled. */
export type Sink = (piece: Uint8Array) => Promise<void>

/** Where blocks come from and go back to, so that memory is neither claimed nor freed for each. */
export interface BlockPool {
  /** The next block to fill. */
  take(): Buffer
  give(block: Buffer): void
}

export const BLOCK_BYTES: number = 1024 * 1024
/** The first blocks are small: a source of 1 MB, as most are, would otherwise be deflated by a single thread. */
export const SMALL_BLOCK_BYTES: number = 128 * 1024
export const SMALL_BLOCKS = 8
/** Enough that no thread waits for the event loop; each costs up to 2 MiB of memory. */
const BLOCKS_IN_FLIGHT = 6
const WINDOW_BYTES = 32 * 1024
const LEVEL = 6
/** More memory a block than the usual 8, and 8 % less time. */
const MEM_LEVEL = 9
const SAMPLE_BYTES = 16 * 1024
const SAMPLES = 4
/** A sample that shrinks by less is taken for incompressible: images, videos, archives, model weights. */
const MAX_SAMPLE_RATIO = 0.98
const MAX_STORED_BYTES = 65_535

/** No name, no time, and 255 for "unknown system" whatever system it is. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
/** An empty last block with the fixed codes: which block is the last need not be known when it is deflated. */
const LAST_BLOCK = Buffer.from([3, 0])

const deflate = promisify<Buffer, ZlibOptions, Buffer>(deflateRaw)

/** The first blocks are small, all others {@link BLOCK_BYTES} long. */
export function createBlockPool(): BlockPool {
  const free: Buffer[] = []
  let taken = 0
  return {
    take() {
      const isSmall = taken++ < SMALL_BLOCKS
      return free.pop() ?? Buffer.allocUnsafeSlow(isSmall ? SMALL_BLOCK_BYTES : BLOCK_BYTES)
    },
    give(block) {
      if (block.length === BLOCK_BYTES) free.push(block)
    },
  }
}

/**
 * Writes one gzip member made of `blocks` (an empty one only lets the event loop run). They are deflated at the same
 * time on libuv's pool, each with the end of the one before as dictionary, and read on only while few are under way.
 * Where a block ends depends on the bytes alone, so any number of threads makes the same file; and Node's zlib gave
 * the same bytes on 20.19, 22.12, 24 and 26, on x64 and arm64, with SIMD and without. (A Node that a distribution
 * has linked with its own zlib may differ.)
 */
export async function parallelGzip(blocks: Iterable<Buffer>, pool: BlockPool, sink: Sink): Promise<void> {
  const inFlight: Promise<Uint8Array>[] = []
  let window: Buffer | undefined
  let crc = 0
  let size = 0
  await sink(HEADER)
  for (const block of blocks) {
    if (block.length === 0) {
      await setImmediate()
      continue
    }
    crc = crc32(block, crc)
    size += block.length
    const piece = compress(block, window).finally(() => pool.give(block))
    // Whoever takes it from the queue hears of a failure; until then it must not count as unhandled.
    piece.catch(() => {})
    inFlight.push(piece)
    // A copy, since the block may be filled anew before the next one is begun.
    window = Buffer.from(block.subarray(-WINDOW_BYTES))
    if (inFlight.length === BLOCKS_IN_FLIGHT) await passOn(inFlight, sink)
  }
  while (inFlight.length > 0) await passOn(inFlight, sink)
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc, 0)
  trailer.writeUInt32LE(size % 2 ** 32, 4)
  await sink(Buffer.concat([LAST_BLOCK, trailer]))
}

async function passOn(inFlight: Promise<Uint8Array>[], sink: Sink): Promise<void> {
  const piece = await inFlight.shift()
  if (piece) await sink(piece)
}

async function compress(data: Buffer, dictionary: Buffer | undefined): Promise<Uint8Array> {
  if (isIncompressible(data)) return stored(data)
  return deflate(data, {
    level: LEVEL,
    memLevel: MEM_LEVEL,
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
