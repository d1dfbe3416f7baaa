import type { Builds } from '../builds.ts'
import type { FaultAction } from '../faults.ts'
import type { Validator } from '../openapi-validate.ts'
import { Refusal } from '../refusal.ts'
import type { OperationId } from '../routes.ts'
import type { EvaluatorRecord } from '../state.ts'
import { clock, type World } from '../world.ts'

/** One call of an operation, past the door: the key is right, the account is ours. */
export interface Call {
  world: World
  builds: Builds
  validator: Validator
  evaluatorId: string
  query: URLSearchParams
  body: unknown
  /** The fault that is to happen, where it changes the work itself. */
  action: FaultAction | undefined
}

/** Gives the JSON of the answer. @throws {Refusal} */
type Operation = (call: Call) => Promise<unknown> | unknown

export type Operations = Record<OperationId, Operation>

/** @throws {Refusal} NOT_FOUND */
export function findEvaluator({ world, evaluatorId }: Call): EvaluatorRecord {
  const record = world.state.evaluators.get(evaluatorId)
  if (!record) throw new Refusal('NOT_FOUND', 'resource not found')
  return record
}

/** When a URL is signed, which is long ago where a fault wants it expired. */
export function signingTime(action: FaultAction | undefined, ttlSeconds: number): Date {
  if (action?.kind !== 'expired-url') return clock(action)
  return new Date(Date.now() - (ttlSeconds + 3600) * 1000)
}
