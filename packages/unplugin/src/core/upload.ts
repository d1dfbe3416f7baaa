import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import {
  type FileContent,
  matchFiles,
  packEvaluator,
  type UploadOptions,
  uploadEvaluator,
} from '@fw/evaluator-core'
import picomatch from 'picomatch'
import type { CleanPart } from './build.ts'
import { toFailure } from './failure.ts'
import { type Host, hasColours } from './host.ts'
import type { ResolvedOptions } from './options.ts'
import { layOutOutputs, mergeIncluded } from './outputs.ts'
import { reportLines } from './report.ts'
import type { ResolvedScore } from './score-options.ts'

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
    const failure = toFailure(error, options.evaluatorId, process.env, host.root)
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

  const entryPoint = options.scorer && (await addScorer(outputs, parts, options.scorer, options, host))
  const files = mergeIncluded(outputs, host.root, await includedFiles(options.include, host))
  const upload: UploadOptions = {
    logger: { info: () => {}, warn: host.warn },
    ...options.upload,
    ...(entryPoint !== undefined && { evaluator: { entryPoint, ...options.upload.evaluator } }),
    source: { files },
  }
  // `fw-evaluator test --from-build` wants the archive, and nothing at the service.
  const packFolder = process.env.FW_EVALUATOR_PACK
  if (packFolder) return pack(packFolder, upload, host)
  const result = await uploadEvaluator(upload)
  if (options.report !== undefined) {
    const path = resolve(host.root, options.report)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${JSON.stringify(result, null, 2)}\n`)
  }
  host.info(reportLines(result, hasColours(host.stream, process.env)).join('\n'))
  await options.onUploaded?.(result)
}

/** Adds to `outputs` what makes an evaluator of its scorer. */
async function addScorer(
  outputs: Map<string, FileContent>,
  parts: readonly CleanPart[],
  scorer: ResolvedScore,
  { evaluatorId }: ResolvedOptions,
  { root }: Host,
): Promise<string> {
  const { scorerEvaluator } = await import('./scorer.ts')
  const all = parts.flatMap((part) => part.outputs)
  const { files, entryPoint } = await scorerEvaluator({
    evaluatorId,
    scorer,
    root,
    outputs: all,
    built: outputs,
  })
  for (const [path, content] of files) outputs.set(path, content)
  return entryPoint
}

/** Writes the archive and, beside it, what it does not hold. */
async function pack(folder: string, options: UploadOptions, host: Host): Promise<void> {
  const { evaluatorId, source, evaluator, apiKey, signal, logger, allowSecrets } = options
  const id = evaluatorId.split('/').at(-1)
  const outFile = join(folder, `${id}.tar.gz`)
  const { entryPoint } = await packEvaluator({
    ...{ evaluatorId, source, outFile, apiKey, signal, logger, allowSecrets },
    entryPoint: evaluator?.entryPoint,
  })
  await writeFile(join(folder, `${id}.json`), JSON.stringify({ entryPoint }))
  host.info(`fwEvaluator: ${id} is packed into ${outFile}, as FW_EVALUATOR_PACK is set, and not uploaded.`)
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
