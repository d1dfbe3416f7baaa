import { resolveConfig } from '../config/config.ts'
import { parseEvaluatorName } from '../config/evaluator-id.ts'
import { checkOptions } from '../option-table.ts'
import { PACK_OPTIONS, type PackOptions } from '../options.ts'
import type { Archive } from './archive.ts'
import { packSource } from './pack.ts'

/** Documented for users in api.ts. */
export async function packEvaluator(options: PackOptions): Promise<Archive> {
  checkOptions(options, PACK_OPTIONS, 'packEvaluator')
  const { evaluatorId } = parseEvaluatorName(options.evaluatorId)
  const { apiKey } = await resolveConfig({ apiKey: options.apiKey })
  return packSource({ ...options, evaluatorId, apiKey })
}
