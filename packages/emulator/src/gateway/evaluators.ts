import { randomUUID } from 'node:crypto'
import { toResource, writableFields } from '../state/resource.ts'
import type { Build, EvaluatorFields, EvaluatorRecord } from '../state/state.ts'
import { dropObjects, saveTransition } from '../state/world.ts'
import { applyMask, type Call, findEvaluator, type Operations, planUpload } from './operation.ts'
import { Refusal } from './refusal.ts'

const idPattern = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/

export const createEvaluator: Operations['Gateway_CreateEvaluatorV2'] = async ({
  world,
  validator,
  body,
}) => {
  const { evaluator, evaluatorId = '' } = validator.body('Gateway_CreateEvaluatorV2', body)
  if (!idPattern.test(evaluatorId)) {
    throw new Refusal(
      'INVALID_ARGUMENT',
      'invalid evaluator_id: must be 1 to 63 of a-z, 0-9 and hyphen, begin with a letter and not end with a hyphen',
    )
  }
  if (world.state.evaluators.has(evaluatorId)) throw new Refusal('ALREADY_EXISTS', 'resource already exists')
  const now = new Date().toISOString()
  const record: EvaluatorRecord = {
    id: evaluatorId,
    fields: writableFields(evaluator),
    createTime: now,
    updateTime: now,
    state: 'BUILDING',
    status: null,
    uploadId: randomUUID(),
    asked: {},
    build: null,
    buildLog: null,
  }
  world.state.evaluators.set(evaluatorId, record)
  const resource = toResource(world.state, record)
  await saveTransition(world, evaluatorId, undefined, 'BUILDING')
  return resource
}

export const getEvaluator: Operations['Gateway_GetEvaluator'] = (call) => {
  const { readMask } = call.validator.query('Gateway_GetEvaluator', call.query)
  return applyMask(toResource(call.world.state, findEvaluator(call)), readMask)
}

export const updateEvaluator: Operations['Gateway_UpdateEvaluator'] = async (call) => {
  const { world, validator, query } = call
  const { prepareCodeUpload } = validator.query('Gateway_UpdateEvaluator', query)
  const given = validator.body('Gateway_UpdateEvaluator', call.body)
  const record = findEvaluator(call)
  const change = writableFields(given)
  const rebuilds = !prepareCodeUpload && isBuilt(record) && changesBuild(record.fields, change)
  const { uploadId } = record
  const build = rebuilds ? await planBuildOf(call, record, { ...record.fields, ...change }) : undefined
  if (world.state.evaluators.get(record.id) !== record) throw new Refusal('NOT_FOUND', 'resource not found')
  record.fields = { ...record.fields, ...change }
  record.updateTime = new Date().toISOString()
  if (prepareCodeUpload) await prepare(call, record)
  // If another call has prepared a new upload meanwhile, there is nothing to build.
  else if (build && record.uploadId === uploadId) await rebuild(call, record, build)
  else await world.save()
  return toResource(world.state, record)
}

/** A build depends on these two; a change of another field leaves the evaluator as it is. */
function changesBuild(now: EvaluatorFields, { requirements, entryPoint }: EvaluatorFields): boolean {
  const differs = (changed: string | undefined, from = ''): boolean =>
    changed !== undefined && changed !== from
  return differs(requirements, now.requirements) || differs(entryPoint, now.entryPoint)
}

/** Whether a build has ended or is running: then a changed field starts a new one without validateUpload. */
function isBuilt({ state, build }: EvaluatorRecord): boolean {
  return state !== 'BUILDING' || build !== null
}

/** If the changed fields do not fit the archive, the change is accepted and the build fails. */
async function planBuildOf(
  { world }: Call,
  record: EvaluatorRecord,
  fields: EvaluatorFields,
): Promise<Build> {
  try {
    return await planUpload(world, record, fields)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { result: 'fails', message: 'Template build failed', log: `ERROR: ${error.message}\n` }
  }
}

async function rebuild({ world, builds }: Call, record: EvaluatorRecord, build: Build): Promise<void> {
  const from = record.state
  record.state = 'BUILDING'
  record.status = null
  record.build = build
  await saveTransition(world, record.id, from, 'BUILDING')
  builds.begin(record)
}

/** Back to BUILDING with nothing uploaded. A running build is cancelled, and old upload URLs stop working. */
async function prepare({ world }: Call, record: EvaluatorRecord): Promise<void> {
  const from = record.state
  const dropped = dropObjects(world, record)
  record.state = 'BUILDING'
  record.status = null
  record.uploadId = randomUUID()
  record.asked = {}
  record.build = null
  record.buildLog = null
  await saveTransition(world, record.id, from, 'BUILDING')
  await Promise.all(dropped.map((blob) => world.blobs.remove(blob)))
}

export const deleteEvaluator: Operations['Gateway_DeleteEvaluator'] = async (call) => {
  const { world } = call
  const record = findEvaluator(call)
  const dropped = dropObjects(world, record)
  world.state.evaluators.delete(record.id)
  await saveTransition(world, record.id, record.state, undefined)
  await Promise.all(dropped.map((blob) => world.blobs.remove(blob)))
  return {}
}
