import { TOKEN_RULES } from './secret-rules.ts'

/** The shortest of the tokens that are looked for: the id of a key of AWS. */
export const MIN_RUN = 20

const BACKSLASH = 0x5c

/** What tokens are made of: letters, digits, `_` and `-`. */
const IS_TOKEN = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\w-]/.test(String.fromCharCode(byte)) ? 1 : 0,
)

/** The prefixes of tokens by their last two bytes, which are looked up for each place. */
const PREFIXES = new Map<number, Buffer[]>()
const PREFIX_ENDS = new Uint8Array(65_536)
for (const prefix of new Set(TOKEN_RULES.flatMap(({ prefixes }) => prefixes.split(' ')))) {
  const bytes = Buffer.from(prefix)
  const end = bytes.readUInt16BE(bytes.length - 2)
  PREFIX_ENDS[end] = 1
  PREFIXES.set(end, [...(PREFIXES.get(end) ?? []), bytes])
}

export function isTokenByte(byte: number | undefined): boolean {
  return byte !== undefined && IS_TOKEN[byte] === 1
}

/**
 * Calls `visit` for every run of {@link MIN_RUN} or more bytes that a token could be in, cheaply enough to do it with
 * all that is packed: a run is looked for from the far end of where it would have to be, and what ends one is at
 * nearly every fifth byte of a source, so that most bytes are never looked at. A run at a side where the bytes were
 * cut, and not the file, is left to whoever has the other side.
 *
 * Four bytes at a time, or a search by the processor for each prefix, were not quicker.
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

/** Whether a prefix begins a word in it: most long words are names, numbers, or lines of hyphens. */
export function mayHoldToken(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) {
    const end = ((bytes[at - 1] ?? 0) << 8) | (bytes[at] ?? 0)
    if (PREFIX_ENDS[end] === 1 && PREFIXES.get(end)?.some((prefix) => begins(bytes, at, prefix))) return true
  }
  return false
}

/** Whether `prefix` ends at `at`, and no letter or digit is before it but that of an escaped line end. */
function begins(bytes: Uint8Array, at: number, prefix: Buffer): boolean {
  const start = at + 1 - prefix.length
  if (start < 0 || prefix.some((byte, index) => bytes[start + index] !== byte)) return false
  const before = bytes[start - 1]
  return before === undefined || !isLetterOrDigit(before) || bytes[start - 2] === BACKSLASH
}

function isLetterOrDigit(byte: number): boolean {
  return IS_TOKEN[byte] === 1 && byte !== 0x5f && byte !== 0x2d
}
