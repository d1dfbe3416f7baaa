/** What a Python file defines at its top level, as far as lines tell. */
export interface PythonNames {
  /** Functions, classes, variables and imported names. */
  defined: ReadonlySet<string>
  /** `from x import *`: any name might be there. */
  hasStarImport: boolean
  /** Functions decorated with `@evaluation_test`, by that name or through a module. */
  evaluationTests: readonly string[]
}

const NAME = String.raw`[\p{L}_][\p{L}\p{N}_]*`
const DEF = new RegExp(String.raw`^(?:async\s+)?def\s+(${NAME})`, 'u')
const CLASS = new RegExp(String.raw`^class\s+(${NAME})`, 'u')
const ASSIGNMENT = new RegExp(String.raw`^(${NAME})\s*(?::[^=]*)?=(?!=)`, 'u')
const IMPORT = /^(?:from\s+\S+\s+)?import\s+(.+)$/s
const DECORATOR = new RegExp(String.raw`^@\s*(?:${NAME}\s*\.\s*)*evaluation_test\b`, 'u')
/** Blocks whose body is still the module's top level. */
const TRANSPARENT = /^(if|elif|else|try|except|finally|with|for|while)\b/

/**
 * Not a parser: strings and comments are blanked, lines within brackets joined, and indentation followed. It is meant
 * to err towards finding a name, since refusing a source that would work is worse than letting one through.
 */
export function readPythonNames(text: string): PythonNames {
  const defined = new Set<string>()
  const evaluationTests: string[] = []
  let hasStarImport = false
  let isDecorated = false
  /** Indentation of the function or class that we are in; deeper lines are not top level. */
  let hiddenBelow: number | undefined

  for (const { indent, line } of logicalLines(text)) {
    if (hiddenBelow !== undefined && indent > hiddenBelow) continue
    hiddenBelow = undefined
    if (DECORATOR.test(line)) isDecorated = true
    if (line.startsWith('@')) continue
    const name = DEF.exec(line)?.[1] ?? CLASS.exec(line)?.[1]
    if (name !== undefined) {
      defined.add(name)
      if (isDecorated && DEF.test(line) && !evaluationTests.includes(name)) evaluationTests.push(name)
      hiddenBelow = indent
    } else if (!TRANSPARENT.test(line)) {
      const assigned = ASSIGNMENT.exec(line)?.[1]
      if (assigned !== undefined) defined.add(assigned)
      const imported = IMPORT.exec(line)?.[1]
      if (imported !== undefined) for (const alias of importedNames(imported)) defined.add(alias)
      hasStarImport ||= imported?.trim() === '*'
    }
    isDecorated = false
  }
  return { defined, hasStarImport, evaluationTests }
}

function importedNames(list: string): string[] {
  return list
    .replace(/[()\\]/g, ' ')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => item.split(/\s+as\s+/))
    .map(([name = '', alias]) => alias ?? name.split('.')[0] ?? '')
}

/** Strings become empty ones and comments nothing, so that neither is taken for code. */
function blank(text: string): string {
  const stringOrComment =
    /("""|''')(?:\\[\s\S]|(?!\1)[\s\S])*(?:\1|$)|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|#[^\n]*/g
  return text.replace(stringOrComment, (found) => (found.startsWith('#') ? '' : "''"))
}

function* logicalLines(text: string): Generator<{ indent: number; line: string }> {
  let open = 0
  let joined = ''
  for (const physical of blank(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')).split('\n')) {
    joined += open > 0 || joined !== '' ? ` ${physical.trim()}` : physical
    open = Math.max(0, open + count(physical, /[([{]/g) - count(physical, /[)\]}]/g))
    if (joined.endsWith('\\')) {
      joined = joined.slice(0, -1)
      continue
    }
    if (open > 0) continue
    const line = joined.trim()
    const indent = joined.search(/\S/)
    joined = ''
    if (line === '') continue
    for (const statement of line.split(';')) yield { indent, line: statement.trim() }
  }
  if (joined.trim() !== '') yield { indent: joined.search(/\S/), line: joined.trim() }
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
