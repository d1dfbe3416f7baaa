import { ArchiveFault } from '../builds/archive-check.ts'
import type { Builds } from '../builds/builds.ts'
import { checkedArchive } from '../builds/early-check.ts'
import { planBuild } from '../builds/plan.ts'
import type { FaultAction } from '../faults/faults.ts'
import { clock } from '../faults/script.ts'
import type { Build, EvaluatorFields, EvaluatorRecord } from '../state/state.ts'
import { objectPath, type World } from '../state/world.ts'
import type { StoreFlavour } from '../store/flavour.ts'
import { Refusal } from './refusal.ts'
import type { OperationId } from './routes.ts'
import type { Validator } from './validate.ts'

/** One call of an operation. Key and account have been checked. */
export interface Call {
  world: World
  /** Signs the URLs that lead to the store. */
  flavour: StoreFlavour
  builds: Builds
  validator: Validator
  evaluatorId: string
  query: URLSearchParams
  body: unknown
  /** The fault, if it changes the work itself. */
  action: FaultAction | undefined
}

/** Returns the JSON of the answer. @throws {Refusal} */
type Operation = (call: Call) => Promise<unknown> | unknown

export type Operations = Record<OperationId, Operation>

/** @throws {Refusal} NOT_FOUND */
export function findEvaluator({ world, evaluatorId }: Call): EvaluatorRecord {
  const record = world.state.evaluators.get(evaluatorId)
  if (!record) throw new Refusal('NOT_FOUND', 'resource not found')
  return record
}

/**
 * Decides how the build of the upload will end.
 * @throws {Refusal} if a file is missing, or is not an archive that can be built
 */
export async function planUpload(
  world: World,
  record: EvaluatorRecord,
  fields: EvaluatorFields,
): Promise<Build> {
  const objects = Object.keys(record.asked).map((name) =>
    world.state.objects.get(objectPath(world.state.accountId, record, name)),
  )
  const plans: Build[] = []
  for (const object of objects) {
    if (!object) throw new Refusal('FAILED_PRECONDITION', 'uploaded files not found')
    try {
      plans.push(planBuild(await checkedArchive(object.blob), fields))
    } catch (error) {
      if (error instanceof ArchiveFault) throw new Refusal('INVALID_ARGUMENT', error.message)
      throw error
    }
  }
  const planned = plans.find(({ result }) => result === 'fails') ?? plans[0]
  if (!planned) throw new Refusal('FAILED_PRECONDITION', 'uploaded files not found')
  return planned
}

/** The time at which a URL is signed: long ago if a fault wants it expired. */
export function signingTime(action: FaultAction | undefined, ttlSeconds: number): Date {
  if (action?.kind !== 'expired-url') return clock(action)
  return new Date(Date.now() - (ttlSeconds + 3600) * 1000)
}

/**
 * Keeps the fields of a comma-separated mask; none, or `*`, keeps all. @throws {Refusal} on a name that no evaluator
 * has
 */
export function applyMask(
  resource: Record<string, unknown>,
  mask: string | undefined,
): Record<string, unknown> {
  if (!mask) return resource
  const names = mask.split(',').map((name) => toCamelCase(name.trim()))
  if (names.includes('*')) return resource
  for (const name of names) {
    if (!(name in resource)) throw new Refusal('INVALID_ARGUMENT', `invalid read_mask: unknown field ${name}`)
  }
  return Object.fromEntries(Object.entries(resource).filter(([name]) => names.includes(name)))
}

export function toCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
