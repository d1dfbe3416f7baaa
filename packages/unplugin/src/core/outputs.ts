import { dirname, relative, resolve, sep } from 'node:path'
import { EvaluatorUploadError, type SourceFiles } from '@fw/evaluator-core'
import type { CleanPart } from './build.ts'
import { commonFolder } from './folders.ts'

type Files = SourceFiles['files']

/**
 * Where each output file lies in the archive: relative to the output folder, or, with several, relative to the
 * folder that holds them all. `x.map` beside an output `x` stays out unless `sourceMaps`; so does a file that
 * another plugin has removed since the bundler named it.
 */
export function layOutOutputs(
  parts: readonly CleanPart[],
  sourceMaps: boolean,
  exists: (path: string) => boolean,
): Map<string, Files[string]> {
  const outputs = parts.flatMap((part) => part.outputs)
  // Keyed by the absolute path: what was written twice is one file, and the later state is the one that counts.
  const files = new Map(outputs.flatMap((output) => [...output.files]))
  const base = commonFolder([...outputs.map((output) => output.dir), ...[...files.keys()].map(dirname)])
  const laidOut = new Map<string, Files[string]>()
  for (const [path, bytes] of files) {
    if (!sourceMaps && path.endsWith('.map') && files.has(path.slice(0, -'.map'.length))) continue
    if (bytes === undefined && !exists(path)) continue
    laidOut.set(relative(base, path).replaceAll(sep, '/'), bytes ?? { path })
  }
  return laidOut
}

/**
 * The outputs and, at their paths from the project's root, the included files.
 *
 * @throws EvaluatorUploadError FW_SOURCE where two different files would have one path in the archive.
 */
export function mergeIncluded(
  outputs: Map<string, Files[string]>,
  root: string,
  included: readonly string[],
): Files {
  const files = new Map(outputs)
  for (const path of included) {
    const file = resolve(root, path)
    const built = files.get(path)
    if (built !== undefined && !(isOnDisk(built) && built.path === file)) {
      throw new EvaluatorUploadError(
        'FW_SOURCE',
        `Two files would be ${path} in the archive: ${isOnDisk(built) ? built.path : 'the output of the build'} and ${file}, which include names`,
        { hint: 'Rename one of them, or keep one out with include or exclude.' },
      )
    }
    files.set(path, { path: file })
  }
  return Object.fromEntries(files)
}

function isOnDisk(file: Files[string]): file is { path: string } {
  return typeof file === 'object' && !(file instanceof Uint8Array)
}
