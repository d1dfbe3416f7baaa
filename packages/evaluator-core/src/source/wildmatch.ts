const literal = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/**
 * A pattern of .gitignore, without its marks for negation and folders, as the source of a regular expression;
 * undefined where it can match nothing. It is what git's own wildmatch does with slashes kept apart.
 */
export function wildmatchSource(pattern: string): string | undefined {
  // git compares what stands before the first wildcard literally, and what is left is a pattern of its own:
  // that is why `a**` may cross slashes although `**` does not stand between them.
  const start = pattern.search(/[*?[\\]/)
  if (start < 0) return literal(pattern)
  let source = literal(pattern.slice(0, start))
  const rest = pattern.slice(start)
  for (let at = 0; at < rest.length; ) {
    const token = readToken(rest, at)
    if (token === undefined) return undefined
    source += token.source
    at = token.end
  }
  return source
}

interface Token {
  source: string
  end: number
}

function readToken(pattern: string, at: number): Token | undefined {
  const character = pattern.charAt(at)
  if (character === '*') return readStars(pattern, at)
  if (character === '?') return { source: '[^/]', end: at + 1 }
  if (character === '[') return readClass(pattern, at)
  if (character !== '\\') return { source: literal(character), end: at + 1 }
  return at + 1 < pattern.length ? { source: literal(pattern.charAt(at + 1)), end: at + 2 } : undefined
}

function readStars(pattern: string, at: number): Token {
  let end = at
  while (pattern[end] === '*') end++
  const opens = at === 0 || pattern[at - 1] === '/'
  const rest = pattern.slice(end)
  if (end - at === 1 || !opens) return { source: '[^/]*', end }
  if (rest === '' || rest.startsWith('\\/')) return { source: '.*', end }
  return rest.startsWith('/') ? { source: '(?:.*/)?', end: end + 1 } : { source: '[^/]*', end }
}

const POSIX_CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
}

/** `[…]`. A class that is never closed, or has an unknown name in it, lets the whole pattern match nothing. */
function readClass(pattern: string, at: number): Token | undefined {
  const negated = pattern[at + 1] === '!' || pattern[at + 1] === '^'
  const first = at + (negated ? 2 : 1)
  let members = ''
  let previous: string | undefined
  for (let i = first; i < pattern.length; i++) {
    let character = pattern.charAt(i)
    if (character === ']' && i > first) {
      return { source: negated ? `[^/${members}]` : `(?!/)[${members}]`, end: i + 1 }
    }
    if (character === '[' && pattern[i + 1] === ':') {
      const close = pattern.indexOf(']', i + 2)
      const name = pattern.slice(i + 2, close - 1)
      if (close < 0) return undefined
      if (pattern[close - 1] === ':' && close > i + 2) {
        const posix = POSIX_CLASSES[name]
        if (posix === undefined) return undefined
        members += posix
        previous = undefined
        i = close
        continue
      }
    }
    const next = pattern[i + 1]
    if (character === '-' && previous !== undefined && next !== undefined && next !== ']') {
      let to = next
      i++
      if (to === '\\') to = pattern.charAt(++i)
      if (to === '') return undefined
      if (previous <= to) members += `${literal(previous)}-${literal(to)}`
      previous = undefined
      continue
    }
    if (character === '\\') character = pattern.charAt(++i)
    if (character === '') return undefined
    members += literal(character)
    previous = character
  }
  return undefined
}
