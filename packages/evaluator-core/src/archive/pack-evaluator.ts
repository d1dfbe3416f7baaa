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

/** Documented for users in api.ts. */
export async function packEvaluator(options: PackOptions): Promise<Archive> {
  await refuseUnknown(options, Object.keys(PACK_TABLE), 'packEvaluator')
  const { evaluatorId } = parseEvaluatorName(options.evaluatorId)
  const { apiKey } = await resolveConfig({ apiKey: options.apiKey })
  return packSource({ ...options, evaluatorId, apiKey })
}
