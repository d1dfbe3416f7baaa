import type { Step } from './faults.ts'
import { document } from './generated/document.ts'
import type { operations } from './generated/openapi.ts'
import type { HttpMethod, OpenApiOperation } from './openapi-document.ts'

export type OperationId = keyof operations

export interface Route {
  operationId: OperationId
  method: HttpMethod
  /** The path as it stands in the document. */
  template: string
  operation: OpenApiOperation
  pattern: RegExp
}

const methods: readonly HttpMethod[] = ['get', 'post', 'patch', 'delete']

/** PATCH is 'prepare' instead, when its query says so. */
const steps: Record<OperationId, Step> = {
  Gateway_ListAccounts: 'accounts',
  Gateway_ListEvaluators: 'list',
  Gateway_GetEvaluator: 'get',
  Gateway_UpdateEvaluator: 'update',
  Gateway_DeleteEvaluator: 'delete',
  Gateway_GetEvaluatorBuildLogEndpoint: 'buildLog',
  Gateway_GetEvaluatorSourceCodeEndpoint: 'sourceUrl',
  Gateway_GetEvaluatorUploadEndpoint: 'endpoint',
  Gateway_ValidateEvaluatorUpload: 'validate',
  Gateway_CreateEvaluatorV2: 'create',
}

/** Every operation of the OpenAPI document. */
export const routes: Record<OperationId, Route> = readRoutes()

/** A request that belongs to an operation. */
export interface Match {
  route: Route
  step: Step
  accountId: string
  evaluatorId: string
}

export function matchRoute(method: string, url: URL): Match | 'other-method' | undefined {
  const onPath = Object.values(routes).filter(({ pattern }) => pattern.test(url.pathname))
  if (onPath.length === 0) return undefined
  const route = onPath.find((candidate) => candidate.method.toUpperCase() === method)
  if (!route) return 'other-method'
  const { account_id = '', evaluator_id = '' } = route.pattern.exec(url.pathname)?.groups ?? {}
  const prepares =
    route.operationId === 'Gateway_UpdateEvaluator' && url.searchParams.get('prepareCodeUpload') === 'true'
  return {
    route,
    step: prepares ? 'prepare' : steps[route.operationId],
    accountId: decode(account_id),
    evaluatorId: decode(evaluator_id),
  }
}

function readRoutes(): Record<OperationId, Route> {
  const found = Object.entries(document.paths).flatMap(([template, operations]) =>
    methods.flatMap((method) => {
      const operation = operations[method]
      return operation ? [{ template, method, operation, pattern: patternOf(template) }] : []
    }),
  )
  const route = (operationId: OperationId): Route => {
    const entry = found.find(({ operation }) => operation.operationId === operationId)
    if (!entry) throw new Error(`The OpenAPI document has no operation ${operationId}`)
    return { operationId, ...entry }
  }
  return {
    Gateway_ListAccounts: route('Gateway_ListAccounts'),
    Gateway_ListEvaluators: route('Gateway_ListEvaluators'),
    Gateway_GetEvaluator: route('Gateway_GetEvaluator'),
    Gateway_UpdateEvaluator: route('Gateway_UpdateEvaluator'),
    Gateway_DeleteEvaluator: route('Gateway_DeleteEvaluator'),
    Gateway_GetEvaluatorBuildLogEndpoint: route('Gateway_GetEvaluatorBuildLogEndpoint'),
    Gateway_GetEvaluatorSourceCodeEndpoint: route('Gateway_GetEvaluatorSourceCodeEndpoint'),
    Gateway_GetEvaluatorUploadEndpoint: route('Gateway_GetEvaluatorUploadEndpoint'),
    Gateway_ValidateEvaluatorUpload: route('Gateway_ValidateEvaluatorUpload'),
    Gateway_CreateEvaluatorV2: route('Gateway_CreateEvaluatorV2'),
  }
}

/** A parameter ends at a slash, and at the colon before a verb. */
function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/:]+)')}$`)
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
