import type { components } from '@fw/openapi'
import { isRecord } from '../json.ts'
import { redactAnswer } from '../redact.ts'

/** An evaluator as the service describes it; unknown fields may be there too. */
export type Evaluator = components['schemas']['gatewayEvaluator']

/** An account as the service describes it. */
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
 * What the service sent, less what contradicts the types (it sends `null` for unset fields), and less our own secrets:
 * results and reports print it. Fields and enum values that are not known here stay.
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
  const kept = Object.entries(redactAnswer(body)).filter(
    ([key, value]) => value !== null && (!strings.includes(key) || typeof value === 'string'),
  )
  return Object.fromEntries(kept)
}
