import { EvaluatorUploadError } from '../errors.ts'

/** Compiled globs. Paths are relative and have `/` between names. */
export interface Globs {
  /** Whether a file is meant. */
  file(path: string): boolean
  /** Whether everything below this folder is meant. */
  folder(path: string): boolean
  /** Whether something below this folder could be meant: false spares the walk through it. */
  mayHold(path: string): boolean
}

const NONE: Globs = { file: () => false, folder: () => false, mayHold: () => false }

/**
 * A pattern without wildcards that names a folder means all that is below it. `*` matches names that begin with a dot
 * too: what must not go in is kept out by rules of its own. `option` is named in the FW_CONFIG error.
 */
export async function compileGlobs(patterns: readonly string[], option: string): Promise<Globs> {
  if (patterns.length === 0) return NONE
  // Loaded here because most sources need no globs, and it costs up to 14 ms.
  const { default: picomatch } = await import('picomatch')
  const settings = { dot: true, nonegate: true }
  const compiled = patterns.map((raw) => {
    const pattern = clean(raw, option)
    const { base, isGlob } = picomatch.scan(pattern)
    const wholeFolder = isGlob ? (pattern.endsWith('/**') ? pattern.slice(0, -3) : undefined) : pattern
    const depth = pattern.includes('**') ? Number.POSITIVE_INFINITY : pattern.split('/').length - 1
    return {
      file: picomatch(pattern, settings),
      folder: wholeFolder === undefined ? () => false : picomatch(wholeFolder, settings),
      base: isGlob ? base : pattern,
      depth: isGlob ? depth : Number.POSITIVE_INFINITY,
    }
  })
  return {
    file: (path) => compiled.some((glob) => glob.file(path)) || someParent(path, isWhole),
    folder: (path) => isWhole(path) || someParent(path, isWhole),
    mayHold: (path) =>
      compiled.some(
        ({ base, depth }) =>
          path.split('/').length <= depth &&
          (base === '' || `${base}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${base}/`)),
      ),
  }

  function isWhole(path: string): boolean {
    return compiled.some((glob) => glob.folder(path))
  }
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
