import { TOKEN_RULES } from './secret-rules.ts'
import { MIN_RUN } from './token-runs.ts'

const UNDERSCORE = 0x5f
const HYPHEN = 0x2d
const BACKSLASH = 0x5c
const PERCENT = 0x25
/** The longest that an escape leaves before a word, which has no letter or digit before it else: `u0022`. */
const ESCAPE_BYTES = 5

/** The prefixes of tokens by their first two bytes. */
const PREFIXES = new Map<number, Buffer[]>()
const MAY_BEGIN = new Uint8Array(65_536)
for (const prefix of new Set(TOKEN_RULES.flatMap(({ prefixes }) => prefixes.split(' ')))) {
  const bytes = Buffer.from(prefix)
  const start = bytes.readUInt16BE(0)
  MAY_BEGIN[start] = 1
  PREFIXES.set(start, [...(PREFIXES.get(start) ?? []), bytes])
}

/**
 * Whether a prefix begins a word of a run, with as much behind it as the shortest token has: most runs are names,
 * numbers, or lines of hyphens.
 */
export function mayHoldToken(bytes: Uint8Array, from: number, to: number): boolean {
  const last = to - MIN_RUN
  if (beginsToken(bytes, from)) return true
  const before = bytes[from - 1]
  if (before === BACKSLASH || before === PERCENT) {
    for (let at = from + 1; at <= from + ESCAPE_BYTES; at++) if (beginsToken(bytes, at)) return true
  }
  for (let at = from; at < last; at++) {
    const byte = bytes[at]
    if ((byte === UNDERSCORE || byte === HYPHEN) && beginsToken(bytes, at + 1)) return true
  }
  return false
}

function beginsToken(bytes: Uint8Array, at: number): boolean {
  const start = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  if (MAY_BEGIN[start] !== 1) return false
  return PREFIXES.get(start)?.some((prefix) => prefix.every((byte, i) => bytes[at + i] === byte)) ?? false
}
