import { EvaluatorUploadError } from '../errors.ts'
import type { Evaluator } from '../gateway/evaluator.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { type RetryPolicy, retry } from '../http/retry.ts'
import { isRecord } from '../json.ts'
import type { EvaluatorFields } from '../options.ts'

/** The evaluator, or `undefined` where the account has none of this name. */
export async function findEvaluator(
  gateway: Pick<Gateway, 'getEvaluator'>,
  evaluatorId: string,
): Promise<Evaluator | undefined> {
  return gateway.getEvaluator(evaluatorId).catch((error: unknown) => {
    if (error instanceof EvaluatorUploadError && error.code === 'FW_NOT_FOUND') return undefined
    throw error
  })
}

export interface Preparation {
  evaluatorId: string
  fields: EvaluatorFields
  /** The evaluator as it was seen before; `undefined` where there was none. */
  found: Evaluator | undefined
  policy: RetryPolicy
  signal: AbortSignal
}

type PrepareGateway = Pick<Gateway, 'createEvaluator' | 'getEvaluator' | 'prepareCodeUpload'>

/** Brings the evaluator into BUILDING, the only state in which the service takes an archive. */
export async function prepareEvaluator(
  gateway: PrepareGateway,
  preparation: Preparation,
): Promise<Evaluator> {
  const { found } = preparation
  return found ? prepareInPlace(gateway, preparation, found) : createOrFind(gateway, preparation)
}

/** An existing evaluator is changed, never deleted first: its versions and history would go with it. */
async function prepareInPlace(
  gateway: PrepareGateway,
  { evaluatorId, fields }: Preparation,
  found: Evaluator,
): Promise<Evaluator> {
  return gateway.prepareCodeUpload(evaluatorId, changedFields(fields, found))
}

/**
 * A create whose answer was lost may have been done, and another process may have been first: so after a failure
 * the evaluator is looked for, and only where there is none is the create sent again.
 */
async function createOrFind(gateway: PrepareGateway, preparation: Preparation): Promise<Evaluator> {
  const { evaluatorId, fields, policy, signal } = preparation
  return retry<Evaluator>(
    async () => {
      try {
        return { value: await gateway.createEvaluator(evaluatorId, fields) }
      } catch (error) {
        if (!mayExistNow(error)) throw error
        const found = await findEvaluator(gateway, evaluatorId)
        return found ? { value: await prepareInPlace(gateway, preparation, found) } : { error, retry: true }
      }
    },
    { what: `create evaluator ${evaluatorId}`, policy, signal },
  )
}

function mayExistNow(error: unknown): boolean {
  if (!(error instanceof EvaluatorUploadError)) return false
  if (error.code === 'FW_CONFLICT' || error.code === 'FW_NETWORK' || error.code === 'FW_TIMEOUT') return true
  return (
    error.code === 'FW_GATEWAY' && (error.status === undefined || error.status >= 500 || error.status < 300)
  )
}

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
