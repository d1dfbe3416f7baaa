import { basename, dirname, relative, resolve, sep } from 'node:path'
import { EvaluatorUploadError, type SourceFiles } from '@fw/evaluator-core'
import picomatch from 'picomatch'
import type { EndedPart, Output } from './build.ts'
import { commonFolder } from './folders.ts'

type Files = SourceFiles['files']

/** Where the output lies in the archive, and what a person should hear of it. */
export interface LaidOut {
  readonly files: Map<string, Files[string]>
  readonly warnings: readonly string[]
}

/**
 * What the builds of an evaluator have made. Where anything was written, what was only generated (to measure it, or to
 * inline it) is nobody's output; where nothing was, it is what there is.
 */
export function outputsOf(parts: readonly EndedPart[]): { part: EndedPart; output: Output }[] {
  const all = parts.flatMap((part) => part.outputs.map((output) => ({ part, output })))
  const written = all.filter(({ output }) => !output.inMemory)
  return (written.length > 0 ? written : all).filter(({ output }) => output.files.size > 0)
}

/**
 * Where each output file lies in the archive: relative to the output folder, or, with several, relative to the
 * folder that holds them all. `x.map` beside an output `x` stays out unless `sourceMaps`, and so do reports of ours.
 *
 * @throws EvaluatorUploadError FW_SOURCE where a bundler has named a file that is not where it said.
 */
export function layOutOutputs(parts: readonly EndedPart[], exists: (path: string) => boolean): LaidOut {
  const warnings: string[] = []
  const reports = new Set(parts.map(({ options, host }) => resolve(host.root, options.report ?? '')))
  // Keyed by the absolute path: what was written twice is one file, and the later state is the one that counts.
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
      // What an earlier build wrote may have been emptied by a later one.
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

/** As in core's globs: the name of a folder means all that is below it. */
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
      hint: `Where is ${basename(path)}? Give the bundler an absolute output folder, and do not change the working directory before the build.`,
    },
  )
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
