import { setImmediate } from 'node:timers/promises'
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
/** A block more than libuv has threads, so that none waits for the event loop; each costs up to 2 MiB of memory. */
const BYTES_IN_FLIGHT = 5 * BLOCK_BYTES
const WINDOW_BYTES = 32 * 1024
/**
 * A quarter less time than level 6 for one per cent more bytes: 13.39 MB where `gzip -6` makes 13.18 MB of 60 MB of
 * installed packages, and 21.5 MB where it makes 21.7 MB of made-up ones. A slower link than 5 Mbit/s would gain by 6.
 */
const LEVEL = 5
const SAMPLE_BYTES = 16 * 1024
const SAMPLES = 4
/** A sample that shrinks by less is taken for incompressible: images, videos, archives, model weights. */
const MAX_SAMPLE_RATIO = 0.98
const GLANCE_BYTES = 1024
/** Of a byte. What needs fewer is shortened by its Huffman codes alone; noise of that length has 7.8. */
const MAX_GLANCE_BITS = 7
const MAX_STORED_BYTES = 65_535

/** No name, no time, and 255 for "unknown system" whatever system it is. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
/** An empty last block with the fixed codes: which block is the last need not be known when it is deflated. */
const LAST_BLOCK = Buffer.from([3, 0])

/** By hand: node:util takes 2.5 ms to load on Node 24. */
function deflate(data: Buffer, options: ZlibOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    deflateRaw(data, options, (error, piece) => (error ? reject(error) : resolve(piece)))
  })
}

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
 * the same bytes on 20.19, 22.12, 24 and 26. At level 6, which is the same code with other limits, it did on arm64 and
 * without SIMD too. (A Node that a distribution has linked with its own zlib may differ.)
 */
export async function parallelGzip(blocks: Iterable<Buffer>, pool: BlockPool, sink: Sink): Promise<void> {
  // The header waits in line: the first blocks are deflated while the sink opens its file.
  const line: InFlight[] = [{ piece: Promise.resolve(HEADER), bytes: 0 }]
  // One for all: zlib takes a copy as it begins, and the block it comes from may be filled anew before the next begins.
  const window = Buffer.allocUnsafeSlow(WINDOW_BYTES)
  let windowBytes = 0
  let crc = 0
  let size = 0
  let passedOn = 0
  const passOn = async () => {
    const next = line.shift()
    if (!next) return
    await sink(await next.piece)
    passedOn += next.bytes
  }
  for (const block of blocks) {
    if (block.length === 0) {
      await setImmediate()
      continue
    }
    crc = crc32(block, crc)
    size += block.length
    const piece = compress(block, window.subarray(0, windowBytes)).finally(() => pool.give(block))
    // Whoever takes it from the queue hears of a failure; until then it must not count as unhandled.
    piece.catch(() => {})
    line.push({ piece, bytes: block.length })
    windowBytes = block.subarray(-WINDOW_BYTES).copy(window)
    while (size - passedOn >= BYTES_IN_FLIGHT) await passOn()
  }
  while (line.length > 0) await passOn()
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc, 0)
  trailer.writeUInt32LE(size % 2 ** 32, 4)
  await sink(Buffer.concat([LAST_BLOCK, trailer]))
}

/** A compressed piece on its way, and how many bytes of the input it stands for. */
interface InFlight {
  readonly piece: Promise<Uint8Array>
  readonly bytes: number
}

async function compress(data: Buffer, dictionary: Buffer): Promise<Uint8Array> {
  if (isIncompressible(data)) return stored(data)
  return deflate(data, {
    level: LEVEL,
    // Ends the piece at a whole byte, so that the next can follow.
    finishFlush: constants.Z_SYNC_FLUSH,
    // One trip to the pool for a block, instead of one for every 16 KiB that come out.
    chunkSize: Math.max(data.length, SAMPLE_BYTES),
    ...(dictionary.length > 0 && { dictionary }),
  })
}

/**
 * Deflating what cannot be deflated costs 25 ms a MiB. Deflating samples costs 0.7 ms each on the event loop, which
 * for a source of 1 MB was a tenth of its packing; most are spared by a glance at how often each byte comes.
 */
function isIncompressible(data: Buffer): boolean {
  if (data.length < SMALL_BLOCK_BYTES) return false
  for (let i = 0; i < SAMPLES; i++) {
    const start = Math.floor(((data.length - SAMPLE_BYTES) / (SAMPLES - 1)) * i)
    const sample = data.subarray(start, start + SAMPLE_BYTES)
    if (bitsPerByte(sample.subarray(0, GLANCE_BYTES)) < MAX_GLANCE_BITS) return false
    if (deflateRawSync(sample, { level: 1 }).length < SAMPLE_BYTES * MAX_SAMPLE_RATIO) return false
  }
  return true
}

/** Shannon's entropy: 0 where all bytes are the same, near 8 for noise. */
function bitsPerByte(bytes: Buffer): number {
  const counts = new Uint32Array(256)
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1
  let bits = 0
  for (const count of counts) {
    const share = count / bytes.length
    if (count > 0) bits -= share * Math.log2(share)
  }
  return bits
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
