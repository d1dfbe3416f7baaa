/** A logical line of Python: comments gone, strings empty, what stands in brackets or behind a `\` joined. */
export interface PythonLine {
  /** Columns before its first character. */
  readonly indent: number
  readonly text: string
  /** Number of the physical line that it begins on, from 1. */
  readonly line: number
}

/** Why a text can't be Python. */
export interface Flaw {
  readonly line: number
  readonly message: string
}

/** A Map: a file may have a variable named `constructor`, which every object has. */
const CLOSING: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
])
const STRING_PREFIX = /^(?:[rbuft]|[bft]r|r[bft])$/i
const TOKEN = /[^\S\n]+|[\p{L}\p{N}_]+|#[^\n]*|\\\n|[\s\S]/uy

/**
 * Cuts a text into logical lines. Reports a flaw only where it is sure: a bracket or a string that nothing ends.
 */
export function readPythonLines(source: string): { lines: PythonLine[]; flaw: Flaw | undefined } {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const lines: PythonLine[] = []
  const open: { bracket: string; line: number }[] = []
  let flaw: Flaw | undefined
  let isSure = true
  let line = 1
  /** Tokens of the logical line; joined once, since a literal may have a million of them. */
  let current: string[] = []
  /** Where its first token stands that is no space. */
  let begun: number | undefined

  const endLine = (): void => {
    if (begun !== undefined) {
      const joined = current.join('')
      lines.push({ indent: widthOfIndent(joined), text: joined.trim(), line: begun })
    }
    current = []
    begun = undefined
  }
  const bracket = (token: string): void => {
    if (CLOSING.has(token)) open.push({ bracket: token, line })
    else if (')]}'.includes(token)) {
      const last = open.pop()
      if (last === undefined || CLOSING.get(last.bracket) !== token) {
        flaw ??= {
          line,
          message: last ? `'${token}' does not match '${last.bracket}'` : `unmatched '${token}'`,
        }
      }
    }
  }

  let prefix = ''
  for (let at = 0; at < text.length; ) {
    TOKEN.lastIndex = at
    const token = TOKEN.exec(text)?.[0] ?? ''
    if (token === '"' || token === "'") {
      const { end, isSure: isSureOfEnd } = endOfString(text, at, prefix)
      isSure &&= isSureOfEnd
      const string = text.slice(at, end ?? at + 1)
      if (end === undefined) flaw ??= { line, message: 'unterminated string' }
      if (prefix !== '') current.pop()
      current.push("''")
      begun ??= line
      line += string.split('\n').length - 1
      at += string.length
      prefix = ''
      continue
    }
    at += token.length
    prefix = STRING_PREFIX.test(token) ? token : ''
    if (token === '\n' || token === '\\\n') {
      line++
      if (token === '\n' && open.length === 0) endLine()
      else current.push(' ')
      continue
    }
    if (token.startsWith('#')) continue
    if (token.trim() !== '') begun ??= line
    bracket(token)
    current.push(token)
  }
  endLine()
  const unclosed = open[0]
  if (unclosed) flaw ??= { line: unclosed.line, message: `'${unclosed.bracket}' was never closed` }
  return { lines, flaw: isSure ? flaw : undefined }
}

/** A tab reaches to the next multiple of eight, as Python counts it. */
function widthOfIndent(text: string): number {
  let width = 0
  for (const character of text) {
    if (character === '\t') width += 8 - (width % 8)
    else if (character === ' ') width++
    else break
  }
  return width
}

/** Where the string that begins at `at` ends; undefined where nothing ends it. */
function endOfString(text: string, at: number, prefix: string): { end: number | undefined; isSure: boolean } {
  const one = text.charAt(at)
  const quote = text.startsWith(one.repeat(3), at) ? one.repeat(3) : one
  const from = at + quote.length
  if (!/[ft]/i.test(prefix)) return { end: endOfPlain(text, from, quote), isSure: true }
  const end = endOfFormatted(text, from, quote)
  return end === undefined ? { end: endOfPlain(text, from, quote), isSure: false } : { end, isSure: true }
}

function endOfPlain(text: string, from: number, quote: string): number | undefined {
  const stop = quote.length === 1 ? new RegExp(`[${quote}\\n]`, 'g') : new RegExp(quote, 'g')
  stop.lastIndex = from
  for (let found = stop.exec(text); found; found = stop.exec(text)) {
    if (isEscaped(text, from, found.index)) stop.lastIndex = found.index + 1
    else return found[0] === '\n' ? undefined : found.index + quote.length
  }
  return undefined
}

function isEscaped(text: string, from: number, at: number): boolean {
  let before = at
  while (before > from && text.charAt(before - 1) === '\\') before--
  return (at - before) % 2 === 1
}

/** Fields of an f-string hold expressions, which may hold strings with the very same quotes. */
function endOfFormatted(text: string, from: number, quote: string): number | undefined {
  for (let at = from; at < text.length; ) {
    if (text.startsWith(quote, at)) return at + quote.length
    const two = text.slice(at, at + 2)
    if (two === '{{') at += 2
    else if (text.charAt(at) === '{') {
      const end = endOfField(text, at + 1, quote)
      if (end === undefined) return undefined
      at = end
    } else if (two.startsWith('\\') && !/[{}]$/.test(two)) at += 2
    else if (quote.length === 1 && two.startsWith('\n')) return undefined
    else at++
  }
  return undefined
}

function endOfField(text: string, from: number, quote: string): number | undefined {
  let depth = 0
  let isSpec = false
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '}' && depth === 0) return at + 1
    if (isSpec) {
      if (text.startsWith(quote, at)) return undefined
      if (character !== '{') continue
      const end = endOfField(text, at + 1, quote)
      if (end === undefined) return undefined
      at = end - 1
    } else if (character === '"' || character === "'") {
      const prefix = /[a-z]{0,2}$/i.exec(text.slice(Math.max(from, at - 2), at))?.[0] ?? ''
      const { end } = endOfString(text, at, prefix)
      if (end === undefined) return undefined
      at = end - 1
    } else if (CLOSING.has(character)) depth++
    else if (')]}'.includes(character)) depth--
    else if (character === ':' && depth === 0) isSpec = true
  }
  return undefined
}
