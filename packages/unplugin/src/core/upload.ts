import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { matchFiles, uploadEvaluator } from '@fw/evaluator-core'
import picomatch from 'picomatch'
import type { CleanPart } from './build.ts'
import { toFailure } from './failure.ts'
import { type Host, hasColours } from './host.ts'
import type { ResolvedOptions } from './options.ts'
import { layOutOutputs, mergeIncluded } from './outputs.ts'
import { reportLines } from './report.ts'

/**
 * Uploads what a good build wrote, and tells of it. This module is the only one that loads core, and is itself
 * loaded when a build has ended well: nothing of it may be imported from a face.
 *
 * @throws PluginFailure where `onError` is 'fail'; whatever `onError` or `onUploaded` throw.
 */
export async function finish(
  parts: readonly CleanPart[],
  options: ResolvedOptions,
  host: Host,
  isSuperseded: () => boolean,
): Promise<void> {
  try {
    await upload(parts, options, host)
  } catch (error) {
    // A newer state of the evaluator waits; this one may have failed only because its files are being written anew.
    if (isSuperseded()) return
    if (typeof options.onError === 'function') return options.onError(error)
    const failure = toFailure(error, options.evaluatorId, process.env)
    if (options.onError === 'fail' && !host.cannotFail) throw failure
    host.warn(failure.message)
  }
}

async function upload(parts: readonly CleanPart[], options: ResolvedOptions, host: Host): Promise<void> {
  const outputs = layOutOutputs(parts, options.sourceMaps, existsSync)
  // As in core's globs: the name of a folder means all that is below it.
  const patterns = options.exclude.flatMap((pattern) => [pattern, `${pattern}/**`])
  const isExcluded = picomatch(patterns, { dot: true, nonegate: true })
  for (const path of outputs.keys()) if (isExcluded(path)) outputs.delete(path)

  const result = await uploadEvaluator({
    logger: { info: () => {}, warn: host.warn },
    ...options.upload,
    source: { files: mergeIncluded(outputs, host.root, await includedFiles(options.include, host)) },
  })
  if (options.report !== undefined) {
    const path = resolve(host.root, options.report)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${JSON.stringify(result, null, 2)}\n`)
  }
  host.info(reportLines(result, hasColours(host.stream, process.env)).join('\n'))
  await options.onUploaded?.(result)
}

async function includedFiles(patterns: readonly string[], host: Host): Promise<string[]> {
  const all: string[] = []
  for (const pattern of patterns) {
    const files = await matchFiles(host.root, [pattern])
    if (files.length === 0)
      host.warn(`fwEvaluator: include names ${pattern}, but there is no such file in ${host.root}.`)
    all.push(...files)
  }
  return all
}
