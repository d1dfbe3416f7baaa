import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachTokenRun, MIN_RUN } from './token-runs.ts'

function runsOf(bytes: Uint8Array): [number, number][] {
  const runs: [number, number][] = []
  eachTokenRun(bytes, (from, to) => runs.push([from, to]))
  return runs
}

/** The same, slow and plain. */
function expected(bytes: Uint8Array): [number, number][] {
  const text = Buffer.from(bytes).toString('latin1')
  const runs = Array.from(text.matchAll(/[A-Za-z0-9_-]+/g), ({ 0: run, index }): [number, number] => [
    index,
    index + run.length,
  ])
  return runs.filter(([from, to]) => to - from >= MIN_RUN)
}

/** At any place of its buffer: words of four bytes are read where they lie. */
function placed(text: string, offset: number): Uint8Array {
  const bytes = Buffer.from(text, 'latin1')
  const space = new Uint8Array(offset + bytes.length + 3).fill(0x61)
  space.set(bytes, offset)
  return space.subarray(offset, offset + bytes.length)
}

const offset = fc.integer({ min: 0, max: 8 })

test('every run is found, whatever is around it and wherever it lies in memory', () => {
  // What tokens are made of, their neighbours in ASCII, and bytes with the high bit.
  const run = fc.string({ unit: fc.constantFrom(...'-09AZ_az'), minLength: 15, maxLength: 45 })
  const between = fc.string({ unit: fc.constantFrom(...'\0 ,./:@[^`{\x7f\x80\xad\xaf\xff'), maxLength: 9 })
  const text = fc.array(fc.oneof(run, between), { maxLength: 12 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, offset, (found, at) => {
      const bytes = placed(found, at)
      expect(runsOf(bytes)).toEqual(expected(bytes))
    }),
    { numRuns: 3000 },
  )
})

test('every byte that is none ends a run', () => {
  for (let byte = 0; byte < 256; byte++) {
    const bytes = placed(`${'a'.repeat(25)}${String.fromCharCode(byte)}${'b'.repeat(25)}`, byte % 4)
    expect([byte, runsOf(bytes)]).toEqual([byte, expected(bytes)])
  }
})

test('runs are found in a large piece too, also of the least length', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 150_000 }), { maxLength: 20 }), offset, (starts, at) => {
      const text = Buffer.alloc(150_100, 'word.')
      for (const start of starts) text.write('x'.repeat(MIN_RUN), start)
      const bytes = placed(text.toString('latin1'), at)
      expect(runsOf(bytes)).toEqual(expected(bytes))
    }),
    { numRuns: 30 },
  )
  for (let start = 49_100; start < 49_200; start++) {
    const bytes = placed(`${'.'.repeat(start)}${'x'.repeat(MIN_RUN)}..`, start % 4)
    expect(runsOf(bytes)).toEqual([[start, start + MIN_RUN]])
  }
})
