/** Numbers from 0 to below 1, the same for the same seed on every machine (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const REPEATED_SHARE = 0.5
const RECENT_LINES = 100

/** Bytes that no compressor makes smaller. */
export function noise(length: number, random: () => number): Buffer {
  const words = Uint32Array.from({ length: Math.ceil(length / 4) }, () => random() * 2 ** 32)
  return Buffer.from(words.buffer, 0, length)
}

/**
 * Lines of made-up source code: names from a vocabulary, few of them often, and half of the lines much like one a
 * little above. Gzip makes as much of it, and as quickly, as of the JavaScript of installed packages.
 */
export function prose(length: number, random: () => number): Buffer {
  const vocabulary = Array.from({ length: 6000 }, () => word(random))
  const pick = () => vocabulary[Math.floor(random() ** 4 * vocabulary.length)]
  const starts: string[] = []
  const lines: string[] = []
  for (let size = 0; size < length; ) {
    const earlier = starts[starts.length - Math.ceil(random() * RECENT_LINES)]
    const fresh = () => `${'  '.repeat(random() * 4)}${pick()} ${pick()}(${pick()}, ${pick()})`
    const start = random() < REPEATED_SHARE && earlier ? earlier : fresh()
    starts.push(start)
    const line = `${start} ${Math.floor(random() * 100)}\n`
    lines.push(line)
    size += line.length
  }
  return Buffer.from(lines.join('')).subarray(0, length)
}

function word(random: () => number): string {
  const letters = 'etaoinshrdlucmfwypvbgkjqxz'
  return Array.from({ length: 3 + random() * 8 }, () => letters[Math.floor(random() ** 2 * 26)]).join('')
}
