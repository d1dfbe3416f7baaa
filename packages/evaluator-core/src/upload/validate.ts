import { EvaluatorUploadError } from '../errors.ts'
import type { Evaluator } from '../gateway/evaluator.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { type RetryPolicy, retry, untilLanded } from '../http/retry.ts'

/**
 * Tells the service that the archive is there, which starts the build. While the object lands the call is refused,
 * and is repeated. Where an answer was lost, the repeated call may be refused because the first was heard: a build
 * that has begun or ended is a success.
 * @param prepared the evaluator as it was before the upload
 */
export async function validateUpload(
  gateway: Pick<Gateway, 'validateUpload' | 'getEvaluator'>,
  evaluatorId: string,
  prepared: Evaluator,
  { policy, signal }: { policy: RetryPolicy; signal: AbortSignal },
): Promise<void> {
  let answerLost = false
  await retry<void>(
    async () => {
      try {
        return { value: await gateway.validateUpload(evaluatorId) }
      } catch (error) {
        if (!(error instanceof EvaluatorUploadError)) throw error
        const passing =
          ['FW_NETWORK', 'FW_TIMEOUT', 'FW_GATEWAY'].includes(error.code) && error.status !== 400
        if (error.code !== 'FW_CONFLICT' && !passing) throw error
        answerLost ||= passing || (error.attempts ?? 1) > 1
        const now = await gateway.getEvaluator(evaluatorId)
        if (answerLost && hasBegun(now, prepared)) return { value: undefined }
        // Refused, and no longer BUILDING: another process was quicker, and waiting would change nothing.
        return { error, retry: !passing && now.state === 'BUILDING' }
      }
    },
    { what: `validate evaluator ${evaluatorId}`, policy: untilLanded(policy), signal },
  )
}

/** The state was BUILDING before, so any other is the end of a build; the service's clock tells of a beginning. */
function hasBegun({ state, updateTime }: Evaluator, prepared: Evaluator): boolean {
  return state !== 'BUILDING' || (updateTime !== undefined && updateTime !== prepared.updateTime)
}
