/** One line of a .gitignore file. Paths are relative to the folder of that file and have `/` between names. */
export interface IgnoreRule {
  readonly negated: boolean
  matches(path: string, isFolder: boolean): boolean
}

/** The rules of one file. `base` is its folder relative to the repository, `''` or ending in `/`. */
export interface IgnoreFile {
  readonly base: string
  readonly rules: readonly IgnoreRule[]
}

/**
 * What git decides on one path by itself, its parents not considered: the last line that matches wins, and the
 * file nearest to the path is asked first. `files` stand in the order of their precedence, lowest first.
 */
export function isIgnored(files: readonly IgnoreFile[], path: string, isFolder: boolean): boolean {
  if (files.length === 0) return false
  const bytes = toBytes(path)
  for (const { base, rules } of files.toReversed()) {
    if (!bytes.startsWith(base)) continue
    const rule = rules.findLast((candidate) => candidate.matches(bytes.slice(base.length), isFolder))
    if (rule) return !rule.negated
  }
  return false
}

/** Reads the text of a .gitignore as git does, lines that can never match left out. */
export function parseIgnoreFile(text: string, base: string): IgnoreFile {
  const lines = `${text.replace(/^\uFEFF/, '')}\n`.split(/\r?\n/)
  return { base: toBytes(base), rules: lines.map(parseLine).filter((rule) => rule !== undefined) }
}

function parseLine(line: string): IgnoreRule | undefined {
  if (line.startsWith('#')) return undefined
  const trimmed = trimTrailingSpaces(toBytes(line))
  const negated = trimmed.startsWith('!')
  const body = negated ? trimmed.slice(1) : trimmed
  const folderOnly = body.endsWith('/')
  const pattern = folderOnly ? body.slice(0, -1) : body
  if (pattern === '') return undefined
  const anchored = pattern.includes('/')
  const source = toRegExp(pattern.startsWith('/') ? pattern.slice(1) : pattern)
  if (source === undefined) return undefined
  const regExp = new RegExp(`^${source}$`, 's')
  return {
    negated,
    matches(path, isFolder) {
      if (folderOnly && !isFolder) return false
      return regExp.test(anchored ? path : path.slice(path.lastIndexOf('/') + 1))
    },
  }
}

/** Spaces at the end count only when the first of them is escaped. */
function trimTrailingSpaces(line: string): string {
  let end = line.length
  while (end > 0 && line[end - 1] === ' ') end--
  if (end === line.length) return line
  const backslashes = /\\*$/.exec(line.slice(0, end))?.[0].length ?? 0
  return line.slice(0, backslashes % 2 === 1 ? end + 1 : end)
}

/**
 * git matches bytes, so that `?` is half an `ä`. Every character of the result is one byte of the UTF-8 form;
 * ASCII, which nearly all paths are, stays what it is.
 */
function toBytes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text).toString('latin1')
}

const literal = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** A wildmatch pattern as the source of a regular expression; undefined where it can match nothing. */
function toRegExp(pattern: string): string | undefined {
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
