import { basename, dirname, relative, resolve, sep } from 'node:path'
import { EvaluatorUploadError, type SourceFiles } from '@fw/evaluator-core'
import picomatch from 'picomatch'
import type { EndedPart, Output } from './build.ts'
import { commonFolder } from './folders.ts'

type Files = SourceFiles['files']

/** The paths of the output in the archive, and warnings. */
export interface LaidOut {
  readonly files: Map<string, Files[string]>
  readonly warnings: readonly string[]
}

/**
 * The output of an evaluator's builds. If anything was written, output that was only generated (to measure it, or to
 * inline it) is ignored; if nothing was written, it is the output.
 */
export function outputsOf(parts: readonly EndedPart[]): { part: EndedPart; output: Output }[] {
  const all = parts.flatMap((part) => part.outputs.map((output) => ({ part, output })))
  const written = all.filter(({ output }) => !output.inMemory)
  return (written.length > 0 ? written : all).filter(({ output }) => output.files.size > 0)
}

/**
 * The path of each output file in the archive: relative to the output folder or, with several, to their common parent.
 * `x.map` next to an output `x` is left out without `sourceMaps`, and so are our own reports.
 *
 * @throws EvaluatorUploadError FW_SOURCE if a bundler has reported a file that does not exist.
 */
export function layOutOutputs(parts: readonly EndedPart[], exists: (path: string) => boolean): LaidOut {
  const warnings: string[] = []
  const reports = new Set(parts.map(({ options, host }) => resolve(host.root, options.report ?? '')))
  // By absolute path: a file that was written twice counts once, with its later content.
  const found = new Map<
    string,
    { part: EndedPart; output: Output; content: string | Uint8Array | undefined }
  >()
  const removed = new Set<string>()
  for (const { part, output } of outputsOf(parts)) {
    const [missing] = part.isNew ? (output.missing ?? []) : []
    if (missing !== undefined) throw notThere(part.name, missing)
    for (const [path, content] of output.files) {
      if (reports.has(path)) continue
      if (content !== undefined || exists(path)) found.set(path, { part, output, content })
      // A later build may have removed the output of an earlier one.
      else if (part.isNew) removed.add(path)
    }
  }
  const isMap = (path: string) =>
    path.endsWith('.map') && (found.has(path.slice(0, -4)) || removed.has(path.slice(0, -4)))
  const gone = [...removed].filter((path) => !found.has(path) && !isMap(path))
  if (gone.length > 0) {
    const names = gone.slice(0, 3).join(', ') + (gone.length > 3 ? ` and ${gone.length - 3} more` : '')
    warnings.push(`fwEvaluator: ${names} was written and then removed during the build, and does not go up.`)
  }

  const folders = [...found].flatMap(([path, { output }]) => [output.dir, dirname(path)])
  const base = commonFolder(folders)
  const rules = new Map(parts.map(({ options }) => [options, excludeRules(options.exclude)]))
  const files = new Map<string, Files[string]>()
  for (const [path, { part, content }] of found) {
    const name = relative(base, path).replaceAll(sep, '/')
    const isExcluded = (rules.get(part.options) ?? []).filter((rule) => rule.matches(name)).length > 0
    if (isExcluded || (!part.options.sourceMaps && isMap(path))) continue
    files.set(name, content ?? { path })
  }
  for (const { pattern, hasMatched } of [...rules.values()].flat()) {
    if (!hasMatched())
      warnings.push(`fwEvaluator: exclude names ${pattern}, but nothing of the output matches it.`)
  }
  return { files, warnings: [...new Set(warnings)] }
}

/** As in core's globs, the name of a folder means everything below it. */
function excludeRules(patterns: readonly string[]) {
  return patterns.map((pattern) => {
    const isMatch = picomatch([pattern, `${pattern}/**`], { dot: true, nonegate: true })
    let matched = false
    return {
      pattern,
      hasMatched: () => matched,
      matches(name: string) {
        const isOne = isMatch(name)
        matched ||= isOne
        return isOne
      },
    }
  })
}

function notThere(part: string, path: string): EvaluatorUploadError {
  return new EvaluatorUploadError(
    'FW_SOURCE',
    `The bundler says that it wrote ${path} for ${part}, but there is no such file.`,
    {
      hint: `Give the bundler an absolute output folder for ${basename(path)}, and do not change the working directory before the build.`,
    },
  )
}

/**
 * The output, and the included files with their paths from the project's root.
 *
 * @throws EvaluatorUploadError FW_SOURCE if two different files map to one path in the archive.
 */
export function mergeIncluded(
  outputs: Map<string, Files[string]>,
  root: string,
  included: readonly string[],
): Map<string, Files[string]> {
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
  return files
}

function isOnDisk(file: Files[string]): file is { path: string } {
  return typeof file === 'object' && !(file instanceof Uint8Array)
}
