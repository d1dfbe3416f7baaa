import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  BLOCK_BYTES,
  type BlockPool,
  createBlockPool,
  parallelGzip,
  SMALL_BLOCK_BYTES,
  SMALL_BLOCKS,
} from './gzip.ts'

const pool: BlockPool = { take: () => Buffer.alloc(0), give() {} }

async function gzip(blocks: Iterable<Buffer>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  await parallelGzip(blocks, pool, async (piece) => void pieces.push(piece))
  return Buffer.concat(pieces)
}

test('blocks of any size and kind come back as one member', async () => {
  const block = fc
    .tuple(fc.constantFrom(0, 1, 2, 100, 32_767, 32_768, 32_769, 65_535, 65_536, 131_072, 131_073), fc.nat(2))
    .map(([size, kind]) =>
      kind === 0 ? Buffer.alloc(size) : kind === 1 ? Buffer.alloc(size, 'abc') : randomBytes(size),
    )
  await fc.assert(
    fc.asyncProperty(fc.array(block, { maxLength: 12 }), async (blocks) => {
      expect(gunzipSync(await gzip(blocks)).equals(Buffer.concat(blocks))).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('a block uses the one before as its dictionary', async () => {
  const block = randomBytes(30_000)
  expect((await gzip([block, block, block])).length).toBeLessThan(31_000)
})

test('what cannot be compressed is stored, what can within it is not', async () => {
  const noise = randomBytes(1024 * 1024)
  const repeats = Buffer.concat(Array.from({ length: 128 }, () => noise.subarray(0, 8192)))
  expect((await gzip([noise])).length).toBeLessThan(noise.length + 150)
  expect((await gzip([repeats])).length).toBeLessThan(repeats.length / 20)
})

test('what looks like noise at first, and is text behind it, is compressed', async () => {
  const text = Buffer.alloc(256 * 1024, 'what is meant to be read ')
  randomBytes(8192).copy(text)
  expect((await gzip([text])).length).toBeLessThan(16 * 1024)
})

test('no more is read than is under way while the sink is slow, and memory is used again', async () => {
  const blocks = createBlockPool()
  const distinct = new Set<Buffer>()
  let read = 0
  let mostAhead = 0
  let passedOn = 0
  const lengths: number[] = []
  function* source(): Generator<Buffer> {
    for (let taken = 0; taken < 60; taken++) {
      const block = blocks.take()
      if (block.length === BLOCK_BYTES) distinct.add(block)
      block.fill(taken)
      read += block.length
      lengths.push(block.length)
      mostAhead = Math.max(mostAhead, read - passedOn)
      yield block
    }
  }
  let pieces = 0
  await parallelGzip(source(), blocks, async () => {
    // The header comes first and stands for no block, and so does the trailer.
    if (pieces > 0) passedOn += lengths[pieces - 1] ?? 0
    pieces += 1
    for (let turns = 0; turns < 5; turns++) await setImmediate()
  })
  expect(pieces).toBe(60 + 2)
  // Five under way, and the one being filled.
  expect(mostAhead).toBeLessThanOrEqual(6 * BLOCK_BYTES)
  expect(distinct.size).toBeLessThanOrEqual(8)
})

test('all small blocks are deflated at once, while the sink is still at the header', async () => {
  let taken = 0
  function* source(): Generator<Buffer> {
    for (; taken < SMALL_BLOCKS; taken++) yield Buffer.alloc(SMALL_BLOCK_BYTES)
  }
  let takenAtHeader: number | undefined
  await parallelGzip(source(), pool, async () => {
    takenAtHeader ??= taken
  })
  expect(takenAtHeader).toBe(SMALL_BLOCKS)
})

test('a sink that fails ends it, and the source with it', async () => {
  let isClosed = false
  function* source(): Generator<Buffer> {
    try {
      for (;;) yield Buffer.alloc(1000)
    } finally {
      isClosed = true
    }
  }
  let pieces = 0
  const failing = parallelGzip(source(), pool, async () => {
    if (++pieces === 4) throw new Error('full')
  })
  await expect(failing).rejects.toThrow('full')
  expect(isClosed).toBe(true)
})

test('a source that fails ends it', async () => {
  function* source(): Generator<Buffer> {
    yield Buffer.alloc(200_000)
    throw new Error('unreadable')
  }
  await expect(gzip(source())).rejects.toThrow('unreadable')
})
