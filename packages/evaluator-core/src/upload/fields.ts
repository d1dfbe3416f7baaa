import type { Evaluator } from '../gateway/evaluator.ts'
import { isRecord } from '../http/json.ts'
import type { EvaluatorFields } from '../options.ts'

/** Those of `wanted` that the service does not hold yet. Only they need to be sent. */
export function changedFields(wanted: EvaluatorFields, held: Evaluator): EvaluatorFields {
  const current: Record<string, unknown> = { ...held }
  const changed = Object.entries(wanted).filter(([key, value]) => !sameValue(value, current[key]))
  return Object.fromEntries(changed)
}

/** Unset comes back as "", null or not at all; of an object only what was given counts. */
function sameValue(wanted: unknown, held: unknown): boolean {
  if (!isRecord(wanted)) return (wanted || '') === (held || '')
  const inner = isRecord(held) ? held : {}
  return Object.entries(wanted).every(([key, value]) => sameValue(value, inner[key]))
}
