import type { Builds } from '../builds/builds.ts'
import type { FaultAction } from '../faults/faults.ts'
import { clock } from '../faults/script.ts'
import type { EvaluatorRecord } from '../state/state.ts'
import type { World } from '../state/world.ts'
import type { StoreFlavour } from '../store/flavour.ts'
import { Refusal } from './refusal.ts'
import type { OperationId } from './routes.ts'
import type { Validator } from './validate.ts'

/** One call of an operation, past the door: the key is right, the account is ours. */
export interface Call {
  world: World
  /** Signs the URLs that lead to the store. */
  flavour: StoreFlavour
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

/** Keeps the fields of a comma-separated mask. @throws {Refusal} on a name that no evaluator has */
export function applyMask(
  resource: Record<string, unknown>,
  mask: string | undefined,
): Record<string, unknown> {
  if (!mask) return resource
  const names = mask.split(',').map((name) => toCamelCase(name.trim()))
  for (const name of names) {
    if (!(name in resource)) throw new Refusal('INVALID_ARGUMENT', `invalid read_mask: unknown field ${name}`)
  }
  return Object.fromEntries(Object.entries(resource).filter(([name]) => names.includes(name)))
}

export function toCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
