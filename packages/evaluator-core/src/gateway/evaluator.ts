import type { components } from '@fw/openapi'
import { isRecord, parseRecord } from '../json.ts'
import { redactKnown } from '../redact.ts'

/** An evaluator in the service's form. It may have unknown fields too. */
export type Evaluator = components['schemas']['gatewayEvaluator']

/** An account in the service's form. */
export type Account = components['schemas']['gatewayAccount']

const EVALUATOR_STRINGS: readonly string[] = [
  'name',
  'displayName',
  'description',
  'state',
  'requirements',
  'entryPoint',
  'commitHash',
  'defaultDataset',
] satisfies readonly (keyof Evaluator)[]

const ACCOUNT_STRINGS: readonly string[] = [
  'name',
  'displayName',
  'email',
] satisfies readonly (keyof Account)[]

/**
 * The service's answer without values that contradict the types (it sends `null` for unset fields), and without our own
 * secrets, because results and reports print it. Unknown fields and enum values are kept.
 */
export function toEvaluator(body: Record<string, unknown>): Evaluator {
  const evaluator = tidy(body, EVALUATOR_STRINGS)
  for (const key of ['status', 'source']) {
    if (!isRecord(evaluator[key])) delete evaluator[key]
  }
  return evaluator
}

/** As {@link toEvaluator}. */
export function toAccount(body: Record<string, unknown>): Account {
  return tidy(body, ACCOUNT_STRINGS)
}

function tidy(body: Record<string, unknown>, strings: readonly string[]): Record<string, unknown> {
  const kept = Object.entries(withoutSecrets(body)).filter(
    ([key, value]) => value !== null && (!strings.includes(key) || typeof value === 'string'),
  )
  return Object.fromEntries(kept)
}

/**
 * An answer without known keys and signatures at any depth. All else stays: what is compared with a field that was
 * given, or sent back, must be as the service has it.
 */
function withoutSecrets(answer: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(answer)
  const clean = redactKnown(text)
  return clean === text ? answer : (parseRecord(clean) ?? {})
}
