import { resolveConfig } from '../config/config.ts'
import { parseEvaluatorName } from '../config/evaluator-id.ts'
import { refuseUnknown } from '../config/known-options.ts'
import type { PackOptions } from '../options.ts'
import type { Archive } from './archive.ts'
import { packSource } from './pack.ts'

/** A table and not a list, so that the compiler says when an option was forgotten here. */
const PACK_TABLE: Readonly<Record<keyof PackOptions, true>> = {
  evaluatorId: true,
  source: true,
  entryPoint: true,
  apiKey: true,
  outFile: true,
  signal: true,
  onProgress: true,
  logger: true,
}

/**
 * Packs a source into `<evaluatorId>.tar.gz` with the one top folder `<evaluatorId>/`: the same files give the same
 * bytes on every machine. No network. Call `dispose()` when the archive is not needed any more.
 *
 * @example
 * ```ts
 * const archive = await packEvaluator({ evaluatorId: 'my-evaluator', source: 'evaluator' })
 * console.log(archive.size, archive.sha256)
 * await archive.dispose()
 * ```
 * @throws EvaluatorUploadError FW_CONFIG, FW_SOURCE, FW_SECRET, FW_ABORTED; no temporary file is left behind then
 */
export async function packEvaluator(options: PackOptions): Promise<Archive> {
  await refuseUnknown(options, Object.keys(PACK_TABLE), 'packEvaluator')
  const { evaluatorId } = parseEvaluatorName(options.evaluatorId)
  const { apiKey } = await resolveConfig({ apiKey: options.apiKey })
  return packSource({ ...options, evaluatorId, apiKey })
}
