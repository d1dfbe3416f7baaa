import type { Pace } from '../pace.ts'
import type { Flaw } from './python-lines.ts'
import { type Found, type Kind, type PythonNames, type Resolve, readPythonNames } from './python-source.ts'
import { readBytes, type SourceEntry } from './read-entry.ts'

/** A function of a file in the source. */
export interface FileTest extends Found {
  readonly path: string
}

/** A place in a file of the source that can't be Python. */
export interface FileFlaw extends Flaw {
  readonly path: string
}

export interface EvaluationTests {
  readonly tests: readonly FileTest[]
  readonly bare: readonly FileTest[]
  readonly flaws: readonly FileFlaw[]
}

/**
 * The functions that eval-protocol would find, in the order of the files. Only files that mention `evaluation_test`
 * are read closely, and those that mention a name which such a file makes of it (`mine = evaluation_test(…)`).
 */
export async function findEvaluationTests(
  entries: readonly SourceEntry[],
  pace: Pace,
): Promise<EvaluationTests> {
  const scripts = entries.filter(({ path }) => path.endsWith('.py'))
  const mentioning = await readWhere(scripts, pace, ['evaluation_test'])
  const read = createReader(mentioning)
  const others = [...mentioning.keys()]
    .flatMap((path) => [...(read(path)?.kinds.keys() ?? [])])
    .filter((name) => name !== 'evaluation_test')
  const using = others.length > 0 ? await readWhere(scripts, pace, others) : new Map<string, string>()
  const readAll = using.size > 0 ? createReader(new Map([...mentioning, ...using])) : read
  const files = scripts.flatMap(({ path }) => {
    const names = readAll(path)
    return names ? [{ path, names }] : []
  })
  return {
    tests: files.flatMap(({ path, names }) => names.evaluationTests.map((test) => ({ ...test, path }))),
    bare: files.flatMap(({ path, names }) => names.bare.map((test) => ({ ...test, path }))),
    flaws: files.flatMap(({ path, names }) => flawsOf(path, names)),
  }
}

export function flawsOf(path: string, { flaw }: PythonNames): FileFlaw[] {
  return flaw ? [{ ...flaw, path }] : []
}

/** The texts of files that have one of `words` in them, by path. */
async function readWhere(
  scripts: readonly SourceEntry[],
  pace: Pace,
  words: readonly string[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for (const entry of scripts) {
    await pace()
    const bytes = readBytes(entry)
    if (words.some((word) => bytes.includes(word))) texts.set(entry.path, bytes.toString())
  }
  return texts
}

/** Reads each of `texts` once, and first those that it imports from. */
function createReader(texts: ReadonlyMap<string, string>): (path: string) => PythonNames | undefined {
  const known = new Map<string, PythonNames>()
  const underway = new Set<string>()

  function read(path: string): PythonNames | undefined {
    const before = known.get(path)
    const text = texts.get(path)
    if (before || text === undefined || underway.has(path)) return before
    underway.add(path)
    const names = readPythonNames(text, resolveFrom(path))
    underway.delete(path)
    known.set(path, names)
    return names
  }

  function resolveFrom(path: string): Resolve {
    return (module, name): Kind | undefined => {
      const file = filesOf(module, path).find((candidate) => texts.has(candidate))
      return file === undefined ? undefined : read(file)?.kinds.get(name)
    }
  }
  return read
}

/** Where Python would look: beside the file that imports, as pytest has it, and at the root of the source. */
function filesOf(module: string, from: string): string[] {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0
  const folders = from.split('/').slice(0, -1)
  const rest = module.slice(dots).replaceAll('.', '/')
  const bases = dots > 0 ? [folders.slice(0, folders.length - dots + 1)] : [folders, []]
  return bases.flatMap((base) => {
    const path = [...base, ...(rest === '' ? [] : [rest])].join('/')
    return [`${path}.py`, path === '' ? '__init__.py' : `${path}/__init__.py`]
  })
}
