import { randomUUID } from 'node:crypto'
import { toResource, writableFields } from '../state/resource.ts'
import type { EvaluatorRecord } from '../state/state.ts'
import { dropObjects, saveTransition } from '../state/world.ts'
import { applyMask, type Call, findEvaluator, type Operations } from './operation.ts'
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
  record.fields = { ...record.fields, ...writableFields(given) }
  record.updateTime = new Date().toISOString()
  if (prepareCodeUpload) await prepare(call, record)
  else await world.save()
  return toResource(world.state, record)
}

/** Back to BUILDING, with nothing uploaded: a build under way is forgotten, and old upload URLs lead nowhere. */
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
