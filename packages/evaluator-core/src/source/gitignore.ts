import { compileWildmatch } from './wildmatch.ts'

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

/**
 * Reads the text of a .gitignore as git does, lines that can never match left out; `foldsCase` is core.ignoreCase. Not
 * the package `ignore`: held against git, version 7 chose other files in one of some hundred generated repositories
 * (`?` beside a character of two bytes, a line that ends in `/ `), and what is ignored decides which bytes go up.
 */
export function parseIgnoreFile(text: string, base: string, foldsCase = false): IgnoreFile {
  const lines = `${text.replace(/^\uFEFF/, '')}\n`.split(/\r?\n/)
  const rules = lines.map((line) => parseLine(line, foldsCase)).filter((rule) => rule !== undefined)
  return { base: toBytes(base), rules }
}

function parseLine(line: string, foldsCase: boolean): IgnoreRule | undefined {
  if (line.startsWith('#')) return undefined
  // To git a line is a string of C, which ends at its first NUL.
  const trimmed = trimTrailingSpaces(toBytes(line.replace(/\0.*$/s, '')))
  const negated = trimmed.startsWith('!')
  const body = negated ? trimmed.slice(1) : trimmed
  const folderOnly = body.endsWith('/')
  const pattern = folderOnly ? body.slice(0, -1) : body
  if (pattern === '') return undefined
  const anchored = pattern.includes('/')
  const test = compileWildmatch(pattern.startsWith('/') ? pattern.slice(1) : pattern, foldsCase)
  if (test === undefined) return undefined
  return {
    negated,
    matches(path, isFolder) {
      if (folderOnly && !isFolder) return false
      return test(anchored ? path : path.slice(path.lastIndexOf('/') + 1))
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
