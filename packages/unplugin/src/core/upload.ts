import { lstatSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import {
  EvaluatorUploadError,
  type FileContent,
  matchFiles,
  packEvaluator,
  printable,
  type UploadOptions,
  type UploadResult,
  uploadEvaluator,
} from '@fw/evaluator-core'
import type { Ended, EndedPart, Upload } from './build.ts'
import { toFailure } from './failure.ts'
import { type Host, hasColours } from './host.ts'
import type { ResolvedOptions } from './options.ts'
import { layOutOutputs, mergeIncluded, outputsOf } from './outputs.ts'
import { followProgress } from './progress.ts'
import { partsLine, reportLines } from './report.ts'

/**
 * Uploads the output of successful builds, and reports. Only this module loads core, and it is loaded when a build has
 * succeeded. So no plugin may import it at the top.
 *
 * @throws PluginFailure if `onError` is 'fail'; any error of `onError` or `onUploaded`.
 */
export const upload: Upload = async (ended, isSuperseded) => {
  const { options, host } = ended.last
  try {
    await send(ended)
  } catch (error) {
    // A newer build waits. This one may have failed only because its files are being written again.
    if (isSuperseded()) return
    if (typeof options.onError === 'function') return options.onError(asError(error))
    const failure = toFailure(error, options.evaluatorId, process.env, host.root)
    if (options.onError === 'fail' && !host.cannotFail) throw failure
    host.warn(failure.message)
  }
}

/** Whatever was thrown, by core or by `onUploaded`. */
function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

async function send(ended: Ended): Promise<void> {
  const { parts, last } = ended
  const { options, host } = last
  refuseFailed(ended)
  const isChanged = outputsOf(parts).some(({ part }) => part.isNew)
  if (!isChanged) return
  const { files: outputs, warnings } = layOutOutputs(parts, isThere)
  for (const warning of warnings) host.warn(printable(warning))
  const included = await addIncluded(outputs, parts)
  const { files, entryPoint } = await addScorer(included, parts, options, host)
  const upload: UploadOptions = {
    logger: { info: () => {}, warn: (line) => host.warn(printable(line)) },
    ...options.upload,
    ...(entryPoint !== undefined && { evaluator: { entryPoint, ...options.upload.evaluator } }),
    source: { files: Object.fromEntries(files) },
  }
  // `fw-evaluator test --from-build` needs only the archive.
  const packFolder = process.env.FW_EVALUATOR_PACK
  if (packFolder) return pack(packFolder, upload, host)

  const progress = followProgress(options.evaluatorId, host, options.onError === 'fail')
  let result: UploadResult
  try {
    result = await uploadEvaluator({
      ...upload,
      onProgress(event) {
        progress.hear(event)
        upload.onProgress?.(event)
      },
    })
  } finally {
    progress.end()
  }
  if (options.report !== undefined) {
    const path = resolve(host.root, options.report)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${JSON.stringify(result, null, 2)}\n`)
  }
  host.info(reportLines(result, hasColours(host.stream, process.env)).join('\n'))
  const names = partNames(parts)
  // A message of its own: Nuxt's logger drops every message that names the folder of its build.
  if (names.length > 0) host.info(partsLine(names))
  await options.onUploaded?.(result)
}

/** If there is a scorer, adds its files. */
async function addScorer(
  files: Map<string, FileContent>,
  parts: readonly EndedPart[],
  { evaluatorId, scorer }: ResolvedOptions,
  { root }: Host,
): Promise<{ files: Map<string, FileContent>; entryPoint?: string }> {
  if (!scorer) return { files }
  const { scorerEvaluator } = await import('./scorer.ts')
  const outputs = outputsOf(parts).map(({ output }) => output)
  return scorerEvaluator({ evaluatorId, scorer, root, outputs, files })
}

/** Writes the archive and, next to it, facts that are not in it. */
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

/** A link exists, with any target: core checks the target. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** The names of the parts, if some of them were uploaded earlier in this process, and are uploaded again. */
function partNames(parts: readonly EndedPart[]): string[] {
  const written = new Set(outputsOf(parts).map(({ part }) => part))
  return [...written].some(({ isNew }) => !isNew) ? [...new Set([...written].map(({ name }) => name))] : []
}

/** Refuses to upload if a build inside of this one, or next to it, has failed. */
function refuseFailed({ failed, uploaded }: Ended): void {
  if (failed.length === 0) return
  const stays = uploaded.length > 0 ? ` What was uploaded before is there still: ${uploaded.join(', ')}.` : ''
  throw new EvaluatorUploadError(
    'FW_SOURCE',
    `another build of this evaluator failed in this process: ${failed.join(', ')}. Without it the evaluator would not be whole.`,
    {
      hint: `Fix that build. If it may fail, or does not belong to the evaluator, remove this plugin from it.${stays}`,
    },
  )
}

async function addIncluded(
  outputs: Map<string, FileContent>,
  parts: readonly EndedPart[],
): Promise<Map<string, FileContent>> {
  let files = outputs
  const done = new Set<string>()
  for (const { options, host } of parts) {
    for (const pattern of options.include) {
      const key = `${host.root}\n${pattern}`
      if (done.has(key)) continue
      done.add(key)
      files = mergeIncluded(files, host.root, await includedFiles(pattern, host))
    }
  }
  return files
}

async function includedFiles(pattern: string, host: Host): Promise<string[]> {
  const files = await matchFiles(host.root, [pattern])
  if (files.length === 0)
    host.warn(printable(`fwEvaluator: include names ${pattern}, but there is no such file in ${host.root}.`))
  return files
}
