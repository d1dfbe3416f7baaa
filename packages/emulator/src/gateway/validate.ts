import type { operations } from '@fw/openapi'
import type { Ajv2020 as Ajv, ValidateFunction } from 'ajv/dist/2020.js'
import { Refusal } from './refusal.ts'
import { document, type JsonSchema, type OperationId, routeOf } from './routes.ts'

/** The JSON body of an operation. */
type RequestBody<Op extends OperationId> = operations[Op] extends {
  requestBody: { content: { 'application/json': infer Body } }
}
  ? Body
  : never

/** Validates requests against the OpenAPI document. */
export interface Validator {
  /** @throws {Refusal} INVALID_ARGUMENT */
  body<Op extends OperationId>(operationId: Op, body: unknown): RequestBody<Op>
  /** The query with its values converted to their types. @throws {Refusal} INVALID_ARGUMENT */
  query(operationId: OperationId, query: URLSearchParams): Query
  /** What the service would silently ignore: unknown names, and fields that only it may write. */
  ignored(operationId: OperationId, body: unknown, query: URLSearchParams): string | undefined
}

/** Every query parameter that any operation of the document has. */
interface Query {
  pageSize?: number
  pageToken?: string
  filter?: string
  orderBy?: string
  readMask?: string
  prepareCodeUpload?: boolean
}

const root = 'openapi'

/** Loads ajv here and not at the top: importing the emulator must stay cheap. */
export async function createValidator(): Promise<Validator> {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const tolerant = withDocument(new Ajv2020({ strict: false, validateSchema: false }), document)
  const strict = withDocument(
    new Ajv2020({ strict: false, validateSchema: false, allErrors: true }),
    forbidUnknown(document),
  )
  const queries = new Ajv2020({ strict: false, coerceTypes: true })
  addFormats(queries)
  const ofQuery = new Map<OperationId, ValidateFunction<Query>>()
  const compileQuery = (operationId: OperationId): ValidateFunction<Query> => {
    const validate = ofQuery.get(operationId) ?? queries.compile<Query>(querySchema(operationId))
    ofQuery.set(operationId, validate)
    return validate
  }
  return {
    body<Op extends OperationId>(operationId: Op, body: unknown) {
      const validate = compile<RequestBody<Op>>(tolerant, operationId)
      if (validate(body)) return body
      throw new Refusal('INVALID_ARGUMENT', firstError(validate))
    },
    query(operationId, parameters) {
      const query: unknown = Object.fromEntries(parameters)
      const validate = compileQuery(operationId)
      if (validate(query)) return query
      throw new Refusal('INVALID_ARGUMENT', firstError(validate))
    },
    ignored(operationId, body, parameters) {
      const { parameters: declared = [], requestBody } = routeOf(operationId).operation
      const known = declared.map(({ name }) => name)
      const problems = [...parameters.keys()]
        .filter((name) => !known.includes(name))
        .map((name) => `unknown query parameter ${name}`)
      if (requestBody) problems.push(...ignoredFields(compile<unknown>(strict, operationId), body))
      return problems.length === 0 ? undefined : problems.join('; ')
    },
  }
}

function withDocument(ajv: Ajv, schema: object): Ajv {
  addFormats(ajv)
  ajv.addSchema({ $id: root, ...schema })
  return ajv
}

function addFormats(ajv: Ajv): void {
  ajv.addFormat('int64', { type: 'string', validate: isInt64 })
  ajv.addFormat('int32', { type: 'number', validate: (n) => Number.isInteger(n) && Math.abs(n) < 2 ** 31 })
  ajv.addFormat('date-time', { type: 'string', validate: (text) => !Number.isNaN(Date.parse(text)) })
}

/** int64 is a decimal string in JSON: a number over 2^53 would lose digits. */
function isInt64(text: string): boolean {
  return /^-?(0|[1-9]\d{0,18})$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
}

function compile<T>(ajv: Ajv, operationId: OperationId): ValidateFunction<T> {
  const { template, method } = routeOf(operationId)
  const pointer = ['paths', template, method, 'requestBody', 'content', 'application/json', 'schema']
  const escaped = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
  const $ref = `${root}#/${escaped.join('/')}`
  return ajv.getSchema<T>($ref) ?? ajv.compile<T>({ $ref })
}

function querySchema(operationId: OperationId): JsonSchema {
  const { parameters = [] } = routeOf(operationId).operation
  const inQuery = parameters.filter((parameter) => parameter.in === 'query')
  return {
    type: 'object',
    properties: Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema])),
    required: inQuery.filter(({ required }) => required).map(({ name }) => name),
  }
}

/** The same document, in which unknown names and read-only fields are errors. */
function forbidUnknown<T>(node: T): T {
  const copy = JSON.parse(JSON.stringify(node), (_key, value) => {
    if (value?.readOnly === true) return { ...value, not: {} }
    if (value?.type === 'object' && value.properties && Object.keys(value.properties).length > 0) {
      return { additionalProperties: false, ...value }
    }
    return value
  })
  return copy
}

function ignoredFields(validate: ValidateFunction, body: unknown): string[] {
  if (validate(body)) return []
  return (validate.errors ?? []).flatMap(({ instancePath, keyword, params }) => {
    if (keyword === 'additionalProperties') {
      return [`unknown field ${fieldName(instancePath, String(params.additionalProperty))}`]
    }
    return keyword === 'not' ? [`read-only field ${fieldName(instancePath)}`] : []
  })
}

function firstError({ errors }: ValidateFunction): string {
  const error = errors?.[0]
  if (!error) return ''
  const field = fieldName(error.instancePath)
  return field === '' ? `${error.message}` : `invalid value for ${field}: ${error.message}`
}

function fieldName(instancePath: string, ...more: string[]): string {
  const parts = instancePath.split('/').slice(1)
  return [...parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')), ...more].join('.')
}
