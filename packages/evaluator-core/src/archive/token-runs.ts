/** The shortest of the tokens that are looked for: the id of a key of AWS. */
export const MIN_RUN = 20

/** What tokens are made of: letters, digits, `_` and `-`. */
const IS_TOKEN = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\w-]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** Ends of the prefixes of tokens: what stands in the two bytes before a `_` or `-`. */
const PREFIX_ENDS = new Uint8Array(65_536)
for (const end of 'hp ho hu hs hr at pm fw ve hf pi nt sk xa xb xd xe xo xp xr xs pp'.split(' ')) {
  PREFIX_ENDS[(end.charCodeAt(0) << 8) | end.charCodeAt(1)] = 1
}

export function isTokenByte(byte: number | undefined): boolean {
  return byte !== undefined && IS_TOKEN[byte] === 1
}

/**
 * Calls `visit` for every run of {@link MIN_RUN} or more bytes that a token could be in, cheaply enough to do it with
 * all that is packed: a run ends at nearly every fifth byte, so it is looked for from the far end of where it would
 * have to be, and most bytes are never looked at (0.2 to 0.3 ms a MiB, of which deflating takes 17).
 * A run at a side where the bytes were cut, and not the file, is left to whoever has the other side.
 */
export function eachTokenRun(
  bytes: Uint8Array,
  isCut: { readonly before: boolean; readonly after: boolean },
  visit: (from: number, to: number) => void,
): void {
  const { length } = bytes
  let start = 0
  while (start + MIN_RUN <= length) {
    let at = start + MIN_RUN - 1
    while (at >= start && IS_TOKEN[bytes[at] ?? 0] === 1) at--
    if (at >= start) {
      start = at + 1
      continue
    }
    let end = start + MIN_RUN
    while (end < length && IS_TOKEN[bytes[end] ?? 0] === 1) end++
    const isWhole = !(isCut.before && start === 0) && !(isCut.after && end === length)
    if (isWhole && mayHoldToken(bytes, start, end)) visit(start, end)
    start = end + 1
  }
}

/** Whether the end of a prefix stands in it: most long words are names, numbers, or lines of hyphens. */
export function mayHoldToken(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from + 2; at < to; at++) {
    const byte = bytes[at]
    // `_`, `-`; and the I of AKIA and ASIA, which have no such sign
    if (byte === 0x5f || byte === 0x2d) {
      if (PREFIX_ENDS[((bytes[at - 2] ?? 0) << 8) | (bytes[at - 1] ?? 0)] === 1) return true
    } else if (byte === 0x49 && bytes[at + 1] === 0x41 && bytes[at - 2] === 0x41) return true
  }
  return false
}
