import type { Build, EvaluatorFields } from '../state/state.ts'
import { ArchiveFault, type CheckedArchive } from './archive-check.ts'

/** A line with this text, in any file up to 1 MiB, makes the build fail. */
const failMarker = '# emulator: fail build'

/** `path/to/file.py::function` or `module::function`. */
interface EntryPoint {
  /** Possible paths of the file, relative to the top folder. */
  candidates: string[]
  functionName: string
}

/** The fields of an evaluator that a build depends on; `requirements` are installed beside those of the archive. */
type BuildFields = Pick<EvaluatorFields, 'entryPoint' | 'requirements'>

/**
 * Decides how the build of an archive will end. No Python runs: a build fails if something is certainly wrong, or
 * because of the marker.
 * @throws {ArchiveFault} if the entry point's file is not in the archive
 */
export function planBuild(
  archive: CheckedArchive,
  { entryPoint = '', requirements = '' }: BuildFields,
): Build {
  const installed = requirementsOf(`${archive.texts.get('requirements.txt') ?? ''}\n${requirements}`)
  const steps = [
    `Unpacked ${archive.files.length} files from ${archive.top}/`,
    `Installing ${installed.length} requirements`,
  ]
  const fault = findFault(archive, entryPoint, installed)
  if (fault) {
    return { result: 'fails', message: 'Template build failed', log: lines(...steps, `ERROR: ${fault}`) }
  }
  return {
    result: 'succeeds',
    message: 'Template built successfully',
    log: lines(...steps, 'Template built successfully'),
  }
}

function lines(...texts: string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}

function requirementsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*/, '').trim())
    .filter((line) => line !== '')
}

function findFault(
  archive: CheckedArchive,
  entryPoint: string,
  installed: readonly string[],
): string | undefined {
  const entryFault = entryPoint === '' ? undefined : findEntryFault(archive, parseEntryPoint(entryPoint))
  if (entryFault) return entryFault
  for (const [file, text] of archive.texts) {
    const lineOf = (pattern: RegExp): number => text.split('\n').findIndex((line) => pattern.test(line)) + 1
    const marked = text.includes(failMarker) ? lineOf(new RegExp(failMarker)) : 0
    if (marked > 0) return `${file}:${marked}: asked to fail`
    const conflict = file.endsWith('.py') ? lineOf(/^(<{7} |>{7} )/) : 0
    if (conflict > 0) return `File "${file}", line ${conflict}: SyntaxError: invalid syntax`
  }
  const wrong = installed.find((line) => !/^([A-Za-z0-9]|-|\.{0,2}\/|\\)/.test(line))
  return wrong === undefined ? undefined : `requirements.txt: Invalid requirement: ${JSON.stringify(wrong)}`
}

function parseEntryPoint(entryPoint: string): EntryPoint {
  const [file = '', functionName] = entryPoint.split('::')
  if (file === '' || !functionName) {
    throw new ArchiveFault(`the entry point '${entryPoint}' is not of the form path/to/file.py::function`)
  }
  if (file.endsWith('.py')) return { candidates: [file.replace(/^\.\//, '')], functionName }
  const path = file.replaceAll('.', '/')
  return { candidates: [`${path}.py`, `${path}/__init__.py`], functionName }
}

function findEntryFault(
  { files, texts }: CheckedArchive,
  { candidates, functionName }: EntryPoint,
): string | undefined {
  const file = candidates.find((candidate) => files.includes(candidate))
  if (!file) throw new ArchiveFault(`the entry point's file ${candidates.join(' or ')} is not in the archive`)
  const text = texts.get(file)
  // An import or an assignment can define the name, too. But a name that the file does not contain is certainly not
  // defined.
  if (text === undefined || new RegExp(`\\b${escapeRegExp(functionName)}\\b`).test(text)) return undefined
  return `AttributeError: module '${file}' has no attribute '${functionName}'`
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
