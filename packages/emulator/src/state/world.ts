import type { EmulatorSettings } from '../options.ts'
import type { Tasks } from '../server/serve.ts'
import type { Blob } from './blobs.ts'
import type { EventHub } from './events.ts'
import type { Memory } from './memory.ts'
import type { EvaluatorRecord, EvaluatorState, StoredObject } from './state.ts'

/** What the gateway and the store share. */
export interface World extends Omit<Memory, 'close'> {
  readonly settings: EmulatorSettings
  readonly events: EventHub
  readonly tasks: Tasks
  /** Aborted by close(). */
  readonly closed: AbortSignal
}

/** The bucket, or container, of all objects. */
const bucket = '/fw-emulator-evaluators'

export function objectPath(accountId: string, record: EvaluatorRecord, fileName: string): string {
  const parts = [accountId, record.id, record.uploadId, fileName]
  return [bucket, ...parts.map(encodeURIComponent)].join('/')
}

/** Undefined if the path is not one of {@link objectPath}. */
export function evaluatorIdOf(path: string): string | undefined {
  return path.startsWith(`${bucket}/`) ? path.split('/')[3] : undefined
}

/** Stores a blob with a name, and replaces an earlier one. */
export async function putObject(
  world: World,
  path: string,
  blob: Blob,
  contentType: string,
): Promise<StoredObject> {
  const { state, blobs } = world
  const replaced = state.objects.get(path)
  state.generation = Math.max(state.generation + 1, Date.now() * 1000)
  const object = {
    path,
    blob,
    generation: String(state.generation),
    contentType,
    updated: new Date().toISOString(),
  }
  state.objects.set(path, object)
  await world.save()
  if (replaced) await blobs.remove(replaced.blob)
  return object
}

/** Removes all objects of an evaluator from the state. The caller saves, then removes the returned blobs. */
export function dropObjects(world: World, record: EvaluatorRecord): Blob[] {
  const { accountId, objects } = world.state
  const prefix = objectPath(accountId, record, '')
  const dropped = [...objects.values()].filter(({ path }) => path.startsWith(prefix))
  for (const { path } of dropped) objects.delete(path)
  return dropped.map(({ blob }) => blob)
}

/** Saves, then emits the change, so that a kill cannot undo a change that somebody knows. */
export async function saveTransition(
  world: World,
  evaluatorId: string,
  from: EvaluatorState | undefined,
  to: EvaluatorState | undefined,
): Promise<void> {
  await world.save()
  if (from !== to) world.events.emit('state', { evaluatorId, from, to })
}
