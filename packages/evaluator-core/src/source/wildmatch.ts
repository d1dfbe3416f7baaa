/** A byte, the bytes of a class as a table, or a wildcard for many. */
type Token = number | Uint8Array | typeof STAR | typeof DEEP | typeof FOLDERS

/** Any bytes but slashes. */
const STAR = 'star'
/** Any bytes. */
const DEEP = 'deep'
/** Nothing, or any bytes that end in a slash. */
const FOLDERS = 'folders'

const SLASH = 0x2f
const ANY_BUT_SLASH = Uint8Array.from({ length: 256 }, (_, byte) => (byte === SLASH ? 0 : 1))

/**
 * A pattern of .gitignore, without its marks for negation and folders, as a test of paths; undefined where it can
 * match nothing. It is what git's own wildmatch does with slashes kept apart; `foldsCase` is git's core.ignoreCase,
 * which knows ASCII only. Every character of pattern and path is one byte.
 *
 * Not a regular expression, which takes seconds for a pattern of a dozen stars: here the last `*` and the last `**`
 * are all that is ever tried again. An earlier one need not be, because whatever it could reach they reach too.
 */
export function compileWildmatch(
  pattern: string,
  foldsCase: boolean,
): ((path: string) => boolean) | undefined {
  const tokens = readTokens(pattern, foldsCase)
  return tokens && ((path) => matches(tokens, foldsCase ? lower(path) : path))
}

function matches(tokens: readonly Token[], text: string): boolean {
  let at = 0
  let next = 0
  let star = { next: -1, at: 0 }
  let deep: { next: number; at: number; kind: Token } = { next: -1, at: 0, kind: DEEP }
  for (;;) {
    const token = tokens[next]
    if (token === undefined && at === text.length) return true
    if (token === STAR) {
      star = { next: ++next, at }
      continue
    }
    if (token === DEEP || token === FOLDERS) {
      deep = { next: ++next, at, kind: token }
      star.next = -1
      continue
    }
    if (token !== undefined && at < text.length && fits(token, text.charCodeAt(at))) {
      next++
      at++
      continue
    }
    if (star.next >= 0 && star.at < text.length && text.charCodeAt(star.at) !== SLASH) {
      at = ++star.at
      next = star.next
      continue
    }
    if (deep.next < 0 || deep.at >= text.length) return false
    const further = deep.kind === FOLDERS ? text.indexOf('/', deep.at) : deep.at
    if (further < 0) return false
    at = deep.at = further + 1
    next = deep.next
    star.next = -1
  }
}

function fits(token: Token, byte: number): boolean {
  return token instanceof Uint8Array ? token[byte] === 1 : token === byte
}

/** ASCII only, as git does it: with other letters a byte of one character would be another's. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function readTokens(pattern: string, foldsCase: boolean): Token[] | undefined {
  const literal = (text: string): number[] => Array.from(foldsCase ? lower(text) : text, byteOf)
  // git compares what stands before the first wildcard literally, and what is left is a pattern of its own:
  // that is why `a**` may cross slashes although `**` does not stand between them.
  const start = pattern.search(/[*?[\\]/)
  if (start < 0) return literal(pattern)
  const tokens: Token[] = literal(pattern.slice(0, start))
  const rest = pattern.slice(start)
  for (let at = 0; at < rest.length; ) {
    const character = rest.charAt(at)
    if (character === '*') {
      const stars = readStars(rest, at)
      tokens.push(stars.token)
      at = stars.end
    } else if (character === '[') {
      const set = readClass(rest, at, foldsCase)
      if (set === undefined) return undefined
      tokens.push(set.token)
      at = set.end
    } else if (character === '\\') {
      if (at + 1 >= rest.length) return undefined
      // Not folded, and so an escaped capital letter matches nothing where case is folded.
      tokens.push(rest.charCodeAt(at + 1))
      at += 2
    } else {
      tokens.push(...(character === '?' ? [ANY_BUT_SLASH] : literal(character)))
      at++
    }
  }
  return tokens
}

function readStars(pattern: string, at: number): { token: Token; end: number } {
  let end = at
  while (pattern[end] === '*') end++
  const opens = at === 0 || pattern[at - 1] === '/'
  const rest = pattern.slice(end)
  if (end - at === 1 || !opens) return { token: STAR, end }
  if (rest === '' || rest.startsWith('\\/')) return { token: DEEP, end }
  return rest.startsWith('/') ? { token: FOLDERS, end: end + 1 } : { token: STAR, end }
}

const POSIX_CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t-\r ]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
}

/** `[…]`. A class that is never closed, or has an unknown name in it, lets the whole pattern match nothing. */
function readClass(
  pattern: string,
  at: number,
  foldsCase: boolean,
): { token: Uint8Array; end: number } | undefined {
  const negated = pattern[at + 1] === '!' || pattern[at + 1] === '^'
  const first = at + (negated ? 2 : 1)
  const members = new Uint8Array(256)
  /** Where case is folded the byte of the path is lower by now, and a range is asked for its capital too. */
  const add = (from: number, to: number): void => {
    for (let byte = from; byte <= to; byte++) members[byte] = 1
    if (!foldsCase) return
    for (let byte = Math.max(from, 0x41); byte <= Math.min(to, 0x5a); byte++) members[byte + 0x20] = 1
  }
  let previous: number | undefined
  for (let i = first; i < pattern.length; i++) {
    let character = pattern.charAt(i)
    if (character === ']' && i > first) {
      const token = members.map((isMember, byte) => (byte !== SLASH && (isMember === 1) !== negated ? 1 : 0))
      return { token, end: i + 1 }
    }
    if (character === '[' && pattern[i + 1] === ':') {
      const close = pattern.indexOf(']', i + 2)
      if (close < 0) return undefined
      if (pattern[close - 1] === ':' && close > i + 2) {
        const name = pattern.slice(i + 2, close - 1)
        const posix = POSIX_CLASSES[foldsCase && name === 'upper' ? 'alpha' : name]
        if (posix === undefined) return undefined
        for (let byte = 0; byte < 256; byte++) if (posix.test(String.fromCharCode(byte))) members[byte] = 1
        previous = undefined
        i = close
        continue
      }
    }
    const next = pattern[i + 1]
    if (character === '-' && previous !== undefined && next !== undefined && next !== ']') {
      i++
      const to = next === '\\' ? pattern.charAt(++i) : next
      if (to === '') return undefined
      add(previous, byteOf(to))
      previous = undefined
      continue
    }
    if (character === '\\') character = pattern.charAt(++i)
    if (character === '') return undefined
    previous = byteOf(character)
    members[previous] = 1
  }
  return undefined
}

function byteOf(character: string): number {
  return character.charCodeAt(0)
}
