import { EvaluatorUploadError } from '../errors.ts'

/** Compiled globs. Paths are relative and have `/` between names. */
export interface Globs {
  /** Whether a file is meant. */
  file(path: string): boolean
  /** Whether everything below this folder is meant. */
  folder(path: string): boolean
  /** Whether something below this folder could be meant: false spares the walk through it. */
  mayHold(path: string): boolean
  /** To be told of a folder that nobody reads: what it may hold is not known to be missing. */
  skip(path: string): void
  /** The patterns, as they were given, that surely meant nothing of all that was asked so far. */
  unmatched(): string[]
}

interface Glob {
  readonly raw: string
  file(path: string): boolean
  folder(path: string): boolean
  mayHold(path: string): boolean
  isMatched: boolean
}

/** Whether the folder that is searched has something of this very name. */
type Exists = (path: string) => boolean

/**
 * A pattern without wildcards that names a folder means all that is below it. `*` matches names that begin with a dot
 * too: what must not go in is kept out by rules of its own. Where `exists` something whose name only looks like a
 * pattern, as routes do (`[id]`), it is what is meant. `option` is named in the FW_CONFIG error.
 */
export async function compileGlobs(
  patterns: readonly string[],
  option: string,
  exists: Exists = () => false,
): Promise<Globs> {
  // Loaded here because most sources need no globs, and it costs up to 14 ms.
  const { default: picomatch } = patterns.length > 0 ? await import('picomatch') : { default: undefined }
  const globs = patterns.flatMap((raw) =>
    picomatch ? [compile(raw, clean(raw, option), picomatch, exists)] : [],
  )

  /** Asks every pattern that has not matched yet, although one is enough for the answer: see `unmatched`. */
  function anyOf(test: (glob: Glob) => boolean): boolean {
    let isMeant = false
    for (const glob of globs) {
      if ((isMeant && glob.isMatched) || !test(glob)) continue
      glob.isMatched = true
      isMeant = true
    }
    return isMeant
  }

  const isWhole = (path: string): boolean => anyOf((glob) => glob.folder(path))
  return {
    file: (path) => anyOf((glob) => glob.file(path)) || someParent(path, isWhole),
    folder: (path) => isWhole(path) || someParent(path, isWhole),
    mayHold: (path) => globs.some((glob) => glob.mayHold(path)),
    skip(path) {
      for (const glob of globs) glob.isMatched ||= glob.mayHold(path)
    },
    unmatched: () => globs.filter(({ isMatched }) => !isMatched).map(({ raw }) => raw),
  }
}

function compile(raw: string, pattern: string, picomatch: typeof import('picomatch'), exists: Exists): Glob {
  const literal = literalStart(pattern, exists)
  const before = literal === '' ? '' : `${literal}/`
  const rest = pattern.slice(before.length)
  const settings = { dot: true, nonegate: true }
  const { base, isGlob } = rest === '' ? { base: '', isGlob: false } : picomatch.scan(rest)
  const wholeFolder = isGlob ? (rest.endsWith('/**') ? rest.slice(0, -3) : undefined) : rest
  const depth = rest.includes('**') || !isGlob ? Number.POSITIVE_INFINITY : pattern.split('/').length - 1
  const start = before + (isGlob ? base : rest)
  const top = start.replace(/\/$/, '')
  const matcher = (glob: string | undefined): ((path: string) => boolean) => {
    if (glob === undefined) return () => false
    if (glob === '') return (path) => path === literal
    const test = picomatch(glob, settings)
    return (path) => path.startsWith(before) && test(path.slice(before.length))
  }
  return {
    raw,
    file: matcher(rest),
    folder: rest === '**' && literal !== '' ? matcher('') : matcher(wholeFolder),
    mayHold: (path) =>
      path.split('/').length <= depth &&
      (top === '' || `${top}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${top}/`)),
    isMatched: false,
  }
}

/** How much of the pattern is a path that is there, although it has characters that mean something in patterns. */
function literalStart(pattern: string, exists: Exists): string {
  const names = pattern.split('/')
  for (let count = names.length; count > 0; count--) {
    const path = names.slice(0, count).join('/')
    if (!/[*?[\]{}()!+@]/.test(path)) return ''
    if (exists(path)) return path
  }
  return ''
}

function someParent(path: string, test: (folder: string) => boolean): boolean {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    if (test(path.slice(0, at))) return true
  }
  return false
}

function clean(pattern: string, option: string): string {
  const trimmed = pattern.replace(/^(\.\/)+/, '').replace(/(?<=[^/])\/+$/, '')
  const wrong = whatIsWrong(trimmed)
  if (wrong === undefined) return trimmed
  throw new EvaluatorUploadError('FW_CONFIG', `${JSON.stringify(pattern)} in \`${option}\` ${wrong[0]}`, {
    hint: wrong[1],
  })
}

function whatIsWrong(pattern: string): [string, string] | undefined {
  if (pattern === '' || pattern === '.') return ['is empty', 'Use `**` for everything.']
  if (pattern.startsWith('!') && !pattern.startsWith('!(')) {
    return ['begins with `!`', 'Name what must stay out in `exclude`.']
  }
  if (/^(\/|[A-Za-z]:[\\/])/.test(pattern))
    return ['is absolute', 'Write it relative to the folder that is searched.']
  if (pattern.split('/').includes('..'))
    return ['leaves the folder with `..`', 'Only files below the folder can be named.']
  return undefined
}
