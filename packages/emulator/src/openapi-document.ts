/** The part of an OpenAPI 3.1 document that the emulator reads: routes come from it, and requests are held against it. */
export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Partial<Record<HttpMethod, OpenApiOperation>>>
  components: { schemas: Record<string, JsonSchema>; [other: string]: unknown }
  [other: string]: unknown
}

export type HttpMethod = 'get' | 'post' | 'patch' | 'delete'

export interface OpenApiOperation {
  operationId: string
  parameters?: OpenApiParameter[]
  requestBody?: { content: Record<string, { schema: JsonSchema }>; required?: boolean }
  [other: string]: unknown
}

interface OpenApiParameter {
  name: string
  in: string
  required: boolean
  schema: JsonSchema
}

export type JsonSchema = { [keyword: string]: unknown }
