import { readFileSync } from 'node:fs'
import { EvaluatorUploadError } from '../errors.ts'
import type { Logger } from '../options.ts'
import type { Pace } from '../pace.ts'
import { type PythonNames, readPythonNames } from './python-source.ts'
import { type SourceEntry, unreadable } from './read-entry.ts'

/**
 * The entry point to use: the given one, once it is sure that it is in the source; else the only function that is
 * decorated with `@evaluation_test`, which `logger` is told; else none.
 * @throws FW_SOURCE where the file, or the function in it, is missing
 */
export async function checkEntryPoint(
  entryPoint: string | undefined,
  entries: readonly SourceEntry[],
  pace: Pace,
  logger?: Logger,
): Promise<string | undefined> {
  if (entryPoint !== undefined) {
    await checkGiven(entryPoint, entries)
    return entryPoint
  }
  const found = await findEvaluationTests(entries, pace)
  const [only, ...others] = found
  if (only === undefined) return undefined
  if (others.length > 0) {
    logger?.info(
      `No entry point is set: ${found.length} functions are decorated with @evaluation_test (${found.slice(0, 5).join(', ')})`,
    )
    return undefined
  }
  logger?.info(`Entry point: ${only}, the only @evaluation_test in the source`)
  return only
}

async function checkGiven(entryPoint: string, entries: readonly SourceEntry[]): Promise<void> {
  const [where = '', name = '', ...rest] = entryPoint.split('::')
  if (where === '' || name === '' || rest.length > 0) {
    throw new EvaluatorUploadError(
      'FW_SOURCE',
      `The entry point ${JSON.stringify(entryPoint)} is not of the form path/to/file.py::function`,
      {
        hint: 'Write `path/to/file.py::function`, or `module::function`.',
      },
    )
  }
  const candidates = filesFor(where)
  const entry = entries.find(({ path }) => candidates.includes(path))
  if (entry === undefined) throw await missingFile(entryPoint, where, name, entries)
  const names = readNames(entry)
  if (names.defined.has(name) || names.hasStarImport) return
  throw await missingFunction(entry.path, name, names, entryPoint)
}

/** `a/b.py` as it stands; `a.b` as a module or a package. */
function filesFor(where: string): string[] {
  if (where.endsWith('.py')) return [where.replace(/^\.\//, '')]
  const base = where.replaceAll('.', '/')
  return [`${base}.py`, `${base}/__init__.py`]
}

async function missingFile(
  entryPoint: string,
  where: string,
  name: string,
  entries: readonly SourceEntry[],
): Promise<EvaluatorUploadError> {
  const isPath = where.endsWith('.py')
  const modules = entries
    .filter(({ path }) => path.endsWith('.py'))
    .map(({ path }) => (isPath ? path : path.replace(/(\/__init__)?\.py$/, '').replaceAll('/', '.')))
  const nearest = await nearestTo(where, modules)
  return new EvaluatorUploadError(
    'FW_SOURCE',
    `The entry point ${entryPoint} names ${where}, which is not in the archive`,
    {
      hint: nearest
        ? `Did you mean ${nearest}::${name}?`
        : 'The archive has no Python file: add the one with the entry point to the source (`include`).',
    },
  )
}

async function missingFunction(
  path: string,
  name: string,
  { defined }: PythonNames,
  entryPoint: string,
): Promise<EvaluatorUploadError> {
  const nearest = await nearestTo(name, [...defined])
  return new EvaluatorUploadError(
    'FW_SOURCE',
    `The entry point ${entryPoint} names the function ${name}, which ${path} does not define`,
    {
      hint: nearest ? `Did you mean ${nearest}?` : `Define it at the top level of ${path}.`,
    },
  )
}

async function nearestTo(wanted: string, known: readonly string[]): Promise<string | undefined> {
  const { default: leven } = await import('leven')
  const file = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
  // A file of the same name in another folder is nearer than its distance says.
  const distance = (path: string): number =>
    Math.min(leven(wanted, path), leven(file(wanted), file(path)) + 1)
  return known.toSorted((a, b) => distance(a) - distance(b))[0]
}

async function findEvaluationTests(entries: readonly SourceEntry[], pace: Pace): Promise<string[]> {
  const found: string[] = []
  for (const entry of entries) {
    if (!entry.path.endsWith('.py')) continue
    await pace()
    const bytes = readBytes(entry)
    if (!bytes.includes('evaluation_test')) continue
    for (const name of readPythonNames(bytes.toString()).evaluationTests) found.push(`${entry.path}::${name}`)
  }
  return found
}

function readNames(entry: SourceEntry): PythonNames {
  return readPythonNames(readBytes(entry).toString())
}

function readBytes({ path, content }: SourceEntry): Buffer {
  if (content instanceof Uint8Array)
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  try {
    return readFileSync(content.file)
  } catch (cause) {
    throw unreadable(path, cause)
  }
}
