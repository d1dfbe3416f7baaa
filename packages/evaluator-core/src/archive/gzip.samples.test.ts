import { randomBytes } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { parallelGzip, SMALL_BLOCK_BYTES } from './gzip.ts'

const count = vi.hoisted(() => ({ samples: 0 }))

// The real function, counted: a sample costs 0.7 ms of the event loop.
vi.mock('node:zlib', async (original) => {
  const zlib = await original<typeof import('node:zlib')>()
  return {
    ...zlib,
    deflateRawSync(...args: Parameters<typeof zlib.deflateRawSync>) {
      count.samples += 1
      return zlib.deflateRawSync(...args)
    },
  }
})

afterEach(() => {
  count.samples = 0
})

test.each([
  ['text', Buffer.alloc(SMALL_BLOCK_BYTES, 'what is meant to be read '), 0],
  ['noise', randomBytes(SMALL_BLOCK_BYTES), 4],
])('of %s so many samples are deflated', async (_, block, samples) => {
  await parallelGzip([block], { take: () => block, give() {} }, async () => {})
  expect(count.samples).toBe(samples)
})
