/** The shortest of the tokens that are looked for: the id of a key of AWS. */
export const MIN_RUN = 20

/** What tokens are made of: letters, digits, `_` and `-`. */
const IS_TOKEN = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\w-]/.test(String.fromCharCode(byte)) ? 1 : 0,
)
/** The same of two bytes at once, in any order. Filled by rows: a function for each pair takes 5 ms of every upload. */
const ARE_TOKEN = new Uint8Array(65_536)
IS_TOKEN.forEach((isToken, high) => {
  if (isToken === 1) ARE_TOKEN.set(IS_TOKEN, high << 8)
})

// A run of 20 bytes has four whole words of four bytes in it, wherever it begins. So of each three words only the
// first two are looked at: both are in some run of that length, or there is none.
const STEP = 3
/** With fewer words before a place its neighbours could not be asked; the first run begins at word 0 and ends at 3. */
const FIRST_WORD = 2
/** In a slice. The places that are found in it stay in the processor's first cache. */
const PLACES = 4096
const places = new Int32Array(PLACES)

// Four bytes at once. After this exclusive or, `.` and `/` are below all that tokens are made of, and `-` is not.
const FLIP = 0x02020202
const LOWEST = 0x2f2f2f2f
const HIGH_BITS = 0x80808080 | 0

/**
 * Calls `visit` for every run of {@link MIN_RUN} or more bytes that tokens are made of.
 *
 * Everything that is packed passes here, so this is written for its speed: it finds in two passes without a branch
 * where a run may be, and looks at single bytes there only. That takes a third of the time of a jump from the end
 * of one would-be run to the next, whose length no processor can guess. A search by the processor for each prefix took
 * longer, and a regular expression ten times as long.
 */
export function eachTokenRun(bytes: Uint8Array, visit: (from: number, to: number) => void): void {
  if (bytes.length < MIN_RUN) return
  const unaligned = -bytes.byteOffset & 3
  const start = bytes.byteOffset + unaligned
  const words = new Int32Array(bytes.buffer, start, (bytes.length - unaligned) >> 2)
  const pairs = new Uint16Array(bytes.buffer, start, 2 * words.length)
  let end = 0
  for (let from = FIRST_WORD; from < words.length - 1; from += PLACES * STEP) {
    const found = sift(words, from, Math.min(from + PLACES * STEP, words.length - 1))
    const count = siftAgain(pairs, found)
    for (let i = 0; i < count; i++) {
      const at = 4 * (places[i] ?? 0) + unaligned
      if (at < end) continue
      const first = startOfRun(bytes, at)
      end = endOfRun(bytes, at)
      if (end - first >= MIN_RUN) visit(first, end)
    }
  }
}

/** Notes where two words lie that seem to be of a run, and returns how many such places there are. */
function sift(words: Int32Array, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at += STEP) {
    const one = (words[at] ?? 0) ^ FLIP
    const two = (words[at + 1] ?? 0) ^ FLIP
    // A byte's high bit is set by the difference where it is too low, and by the word itself where it is no ASCII.
    const strange = ((one - LOWEST) | one | (two - LOWEST) | two) & HIGH_BITS
    // Overwritten by the next one where it does not count.
    places[count] = at
    count += ((strange >>> 7) - 1) >>> 31
  }
  return count
}

/** Keeps the places with fourteen bytes of a run: the eight, and six before or behind them. */
function siftAgain(pairs: Uint16Array, found: number): number {
  let count = 0
  let i = 0
  const last = (pairs.length >> 1) - 4
  for (; i < found; i++) {
    const word = places[i] ?? 0
    if (word > last) break
    places[count] = word
    const at = 2 * word
    count +=
      areToken(pairs, at) &
      areToken(pairs, at + 1) &
      areToken(pairs, at + 2) &
      areToken(pairs, at + 3) &
      ((areToken(pairs, at - 1) & areToken(pairs, at - 2) & areToken(pairs, at - 3)) |
        (areToken(pairs, at + 4) & areToken(pairs, at + 5) & areToken(pairs, at + 6)))
  }
  // Near the end there are too few to ask.
  for (; i < found; i++) places[count++] = places[i] ?? 0
  return count
}

function areToken(pairs: Uint16Array, at: number): number {
  return ARE_TOKEN[pairs[at] ?? 0] ?? 0
}

/** Where the run of token bytes begins that ends before `end`. */
export function startOfRun(bytes: Uint8Array, end: number): number {
  let start = end
  while (start > 0 && IS_TOKEN[bytes[start - 1] ?? 0] === 1) start--
  return start
}

function endOfRun(bytes: Uint8Array, start: number): number {
  let end = start
  while (end < bytes.length && IS_TOKEN[bytes[end] ?? 0] === 1) end++
  return end
}
