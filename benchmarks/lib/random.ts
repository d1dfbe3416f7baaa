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

/** Bytes that no compressor makes smaller. */
export function noise(length: number, random: () => number): Buffer {
  const words = Uint32Array.from({ length: Math.ceil(length / 4) }, () => random() * 2 ** 32)
  return Buffer.from(words.buffer, 0, length)
}

/** Lines of made-up source code: names from a vocabulary, few of them often. Gzip makes about a third of it. */
export function prose(length: number, random: () => number): Buffer {
  const vocabulary = Array.from({ length: 6000 }, () => word(random))
  const pick = () => vocabulary[Math.floor(random() ** 4 * vocabulary.length)]
  const parts: string[] = []
  for (let size = 0; size < length; ) {
    const line = `${'  '.repeat(random() * 4)}${pick()} ${pick()}(${pick()}, ${pick()}) ${Math.floor(random() * 1e4)}\n`
    parts.push(line)
    size += line.length
  }
  return Buffer.from(parts.join('')).subarray(0, length)
}

function word(random: () => number): string {
  const letters = 'etaoinshrdlucmfwypvbgkjqxz'
  return Array.from({ length: 3 + random() * 8 }, () => letters[Math.floor(random() ** 2 * 26)]).join('')
}
