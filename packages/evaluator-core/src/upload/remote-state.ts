import type { Archive } from '../archive/archive.ts'
import { EvaluatorUploadError } from '../errors.ts'
import type { Evaluator } from '../gateway/evaluator.ts'
import type { Session } from '../gateway/session.ts'
import { findStored } from '../store/digest.ts'
import type { Job } from './job.ts'
import { changedFields, findEvaluator } from './prepare.ts'

/** What the service holds now. */
export interface RemoteState {
  readonly accountId: string
  /** Missing where the account has none of this name. */
  readonly evaluator?: Evaluator | undefined
  /** md5 (hex) of the archive it holds; only for an evaluator that is ACTIVE, and where the store can tell. */
  readonly md5?: string | undefined
}

/** Looks, and changes nothing. */
export async function readRemoteState(
  { evaluatorId, skipUnchanged, ifMissing }: Job,
  session: Session,
): Promise<RemoteState> {
  const accountId = await session.gateway.account()
  // The account is known, so that both go out together: one round trip.
  const stored = skipUnchanged ? findStored(evaluatorId, session) : undefined
  const evaluator = await findEvaluator(session.gateway, evaluatorId)
  if (!evaluator && ifMissing === 'error') throw missing(evaluatorId, accountId)
  return { accountId, evaluator, md5: evaluator?.state === 'ACTIVE' ? (await stored)?.md5 : undefined }
}

/**
 * ACTIVE, the same bytes by the store's own digest, every field that was given explicitly, and an entry point where
 * the source has one.
 */
export function isUnchanged(
  { skipUnchanged, fields }: Job,
  archive: Archive,
  { evaluator, md5 }: RemoteState,
): boolean {
  if (!skipUnchanged || evaluator?.state !== 'ACTIVE' || md5 !== archive.md5) return false
  if (archive.entryPoint && !evaluator.entryPoint) return false
  return Object.keys(changedFields(fields, evaluator)).length === 0
}

function missing(evaluatorId: string, accountId: string): EvaluatorUploadError {
  return new EvaluatorUploadError('FW_NOT_FOUND', `Account ${accountId} has no evaluator ${evaluatorId}.`, {
    hint: `Check the id, or let it be created with ifMissing: 'create'.`,
  })
}
