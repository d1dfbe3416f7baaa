import type { Builds } from '../builds/builds.ts'
import type { FaultAction } from '../faults/faults.ts'
import type { World } from '../state/world.ts'
import type { StoreFlavour } from '../store/flavour.ts'
import { createEvaluator, deleteEvaluator, getEvaluator, updateEvaluator } from './evaluators.ts'
import { listAccounts, listEvaluators } from './list.ts'
import type { Operations } from './operation.ts'
import { Refusal } from './refusal.ts'
import type { Match } from './routes.ts'
import { getBuildLogEndpoint, getSourceCodeSignedUrl, getUploadEndpoint, validateUpload } from './upload.ts'
import type { Validator } from './validate.ts'

/** What each operation of the OpenAPI document does. */
const operations: Operations = {
  Gateway_ListAccounts: listAccounts,
  Gateway_ListEvaluators: listEvaluators,
  Gateway_GetEvaluator: getEvaluator,
  Gateway_UpdateEvaluator: updateEvaluator,
  Gateway_DeleteEvaluator: deleteEvaluator,
  Gateway_GetEvaluatorBuildLogEndpoint: getBuildLogEndpoint,
  Gateway_GetEvaluatorSourceCodeEndpoint: getSourceCodeSignedUrl,
  Gateway_GetEvaluatorUploadEndpoint: getUploadEndpoint,
  Gateway_ValidateEvaluatorUpload: validateUpload,
  Gateway_CreateEvaluatorV2: createEvaluator,
}

/** What all operations work with. */
export interface GatewayParts {
  world: World
  flavour: StoreFlavour
  builds: Builds
  validator: Validator
}

/** A call with a valid key and a known route. */
export interface Received {
  match: Match
  query: URLSearchParams
  /** `not JSON` and `missing` are refused if the operation needs a body. */
  body: { json: unknown } | 'missing' | 'not JSON'
  action: FaultAction | undefined
  /** Called with what the service would ignore, or undefined if there is nothing. */
  ignored(problem: string | undefined): void
}

/** Performs the call, and returns the JSON of the answer. @throws {Refusal} */
export function operate(parts: GatewayParts, received: Received): Promise<unknown> | unknown {
  const { world, validator } = parts
  const { match, query, action } = received
  const { operationId, operation } = match.route
  if (match.accountId !== '' && match.accountId !== world.state.accountId)
    throw new Refusal('PERMISSION_DENIED', '')
  if (operation.requestBody && typeof received.body === 'string') {
    const missing = received.body === 'missing'
    throw new Refusal('INVALID_ARGUMENT', missing ? 'missing request body' : 'the request body is not JSON')
  }
  const body = typeof received.body === 'string' ? undefined : withoutNulls(received.body.json)
  received.ignored(validator.ignored(operationId, body, query))
  return operations[operationId]({ ...parts, evaluatorId: match.evaluatorId, query, body, action })
}

/** In protobuf's JSON, null means that the field is not set. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([, field]) => field !== null)
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field)]))
}
