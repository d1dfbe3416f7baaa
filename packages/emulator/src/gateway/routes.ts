import type { operations } from '@fw/openapi'
import openApiDocument from '@fw/openapi/document.json' with { type: 'json' }
import type { Step } from '../faults/faults.ts'

export type HttpMethod = 'get' | 'post' | 'patch' | 'delete'
export type JsonSchema = { [keyword: string]: unknown }

export interface OpenApiOperation {
  operationId: string
  parameters?: { name: string; in: string; required: boolean; schema: JsonSchema }[]
  requestBody?: { content: Record<string, { schema: JsonSchema }>; required?: boolean }
}

/** The part of an OpenAPI 3.1 document that the emulator reads for its routes and for validation. */
interface OpenApiDocument {
  paths: Record<string, Partial<Record<HttpMethod, OpenApiOperation>>>
}

/** The document of the service. */
export const document: OpenApiDocument = openApiDocument

export type OperationId = keyof operations

export interface Route {
  operationId: OperationId
  method: HttpMethod
  /** The path in the document. */
  template: string
  operation: OpenApiOperation
  pattern: RegExp
}

const methods: readonly HttpMethod[] = ['get', 'post', 'patch', 'delete']

/** PATCH with prepareCodeUpload in its query is 'prepare' instead. */
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
const routes: readonly Route[] = Object.entries(document.paths).flatMap(([template, operations]) =>
  methods.flatMap((method) => {
    const operation = operations[method]
    if (!operation || !isKnown(operation.operationId)) return []
    return [{ operationId: operation.operationId, method, template, operation, pattern: patternOf(template) }]
  }),
)

export function routeOf(operationId: OperationId): Route {
  const route = routes.find((candidate) => candidate.operationId === operationId)
  if (!route) throw new Error(`The OpenAPI document has no operation ${operationId}`)
  return route
}

/** A request that belongs to an operation. */
export interface Match {
  route: Route
  step: Step
  accountId: string
  evaluatorId: string
}

/** `malformed`: a segment of the path is not valid percent-encoding. */
export function matchRoute(method: string, url: URL): Match | 'unknown' | 'other method' | 'malformed' {
  const onPath = routes.filter(({ pattern }) => pattern.test(url.pathname))
  if (onPath.length === 0) return 'unknown'
  const route = onPath.find((candidate) => candidate.method.toUpperCase() === method)
  if (!route) return 'other method'
  const { account_id = '', evaluator_id = '' } = route.pattern.exec(url.pathname)?.groups ?? {}
  const accountId = decode(account_id)
  const evaluatorId = decode(evaluator_id)
  if (accountId === undefined || evaluatorId === undefined) return 'malformed'
  const prepares =
    route.operationId === 'Gateway_UpdateEvaluator' && url.searchParams.get('prepareCodeUpload') === 'true'
  return {
    route,
    step: prepares ? 'prepare' : steps[route.operationId],
    accountId,
    evaluatorId,
  }
}

function isKnown(operationId: string): operationId is OperationId {
  return Object.hasOwn(steps, operationId)
}

/** A parameter ends at a slash, and at the colon before a verb. */
function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/:]+)')}$`)
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
