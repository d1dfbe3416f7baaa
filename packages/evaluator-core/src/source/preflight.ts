import { EvaluatorUploadError } from '../errors.ts'
import type { Pace } from '../pace.ts'
import type { Logger } from '../progress.ts'
import { type FileFlaw, type FileTest, findEvaluationTests, flawsOf } from './evaluation-tests.ts'
import { type PythonNames, readPythonNames } from './python-source.ts'
import { readBytes, type SourceEntry } from './read-entry.ts'

/** What of the Python in a source is known before it is read by Python itself. */
export interface Preflight {
  /** The given entry point, which is in the source, or the only evaluation test. */
  readonly entryPoint?: string
  /** Why an upload can't go on, unless the service knows an entry point already. */
  readonly noEntryPoint?: EvaluatorUploadError
  /** Where our own reader is sure that a file is no Python. */
  readonly flaws: readonly FileFlaw[]
}

/**
 * The entry point to use: the given one, once it is sure that it is in the source; else the only function that is
 * decorated with `@evaluation_test`, which `logger` is told; `false` looks for none.
 * @throws FW_SOURCE where a given file, or the function in it, is missing
 */
export async function findEntryPoint(
  entryPoint: string | false | undefined,
  entries: readonly SourceEntry[],
  pace: Pace,
  logger?: Logger,
): Promise<Preflight> {
  if (entryPoint === false) return { flaws: [] }
  if (entryPoint !== undefined) return { entryPoint, flaws: await checkGiven(entryPoint, entries) }
  const { tests, bare, flaws } = await findEvaluationTests(entries, pace)
  const [only, ...others] = tests
  if (only === undefined || others.length > 0) {
    return { noEntryPoint: only ? severalTests(tests) : noTest(bare, entries), flaws }
  }
  const found = `${only.path}::${only.name}`
  logger?.info(`Entry point: ${found}, the only @evaluation_test in the source`)
  return { entryPoint: found, flaws }
}

const HOW_TO_SAY =
  'set `evaluator.entryPoint` (--entry-point) to `path/to/file.py::function`, or to `false` (--no-entry-point) where none is meant'
const MAX_NAMED = 20

function severalTests(tests: readonly FileTest[]): EvaluatorUploadError {
  const named = tests.slice(0, MAX_NAMED).map(({ path, name, line }) => `${name} (${path}:${line})`)
  const rest = tests.length > MAX_NAMED ? ` and ${tests.length - MAX_NAMED} more` : ''
  return new EvaluatorUploadError(
    'FW_SOURCE',
    `There is no entry point: ${tests.length} functions are decorated with @evaluation_test, ${named.join(', ')}${rest}`,
    { hint: `Name one of them: ${HOW_TO_SAY}.` },
  )
}

function noTest(bare: readonly FileTest[], entries: readonly SourceEntry[]): EvaluatorUploadError {
  const [first] = bare
  const hasPython = entries.some(({ path }) => path.endsWith('.py'))
  const why = first
    ? `${first.name} (${first.path}:${first.line}) has @evaluation_test without parentheses, which raises a TypeError`
    : hasPython
      ? 'no function of the source is decorated with @evaluation_test'
      : 'the source has no Python file'
  const cure = first
    ? 'Write @evaluation_test(…)'
    : hasPython
      ? 'Decorate the function that scores a row with @evaluation_test(…)'
      : 'Add the Python file with the evaluation test to the source (`include`)'
  return new EvaluatorUploadError('FW_SOURCE', `There is no entry point: ${why}`, {
    hint: `${cure}, or ${HOW_TO_SAY}.`,
  })
}

async function checkGiven(entryPoint: string, entries: readonly SourceEntry[]): Promise<FileFlaw[]> {
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
  const names = readPythonNames(readBytes(entry).toString())
  if (names.defined.has(name) || names.hasStarImport) return flawsOf(entry.path, names)
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

/** The name that was probably meant; none where even the nearest is another word. */
async function nearestTo(wanted: string, known: readonly string[]): Promise<string | undefined> {
  const { default: leven } = await import('leven')
  const file = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
  // A file of the same name in another folder is nearer than its distance says.
  const distance = (path: string): number =>
    Math.min(leven(wanted, path), leven(file(wanted), file(path)) + 1)
  const [nearest] = known.toSorted((a, b) => distance(a) - distance(b))
  if (nearest === undefined) return undefined
  return distance(nearest) <= Math.max(2, Math.floor(file(wanted).length / 3)) ? nearest : undefined
}
