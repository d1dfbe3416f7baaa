import type { components } from '@fw/openapi'

export type RpcCode = components['schemas']['gatewayCode']

/** google.rpc.Code, with its HTTP status. */
const rpc: Record<RpcCode, readonly [code: number, status: number]> = {
  OK: [0, 200],
  CANCELLED: [1, 499],
  UNKNOWN: [2, 500],
  INVALID_ARGUMENT: [3, 400],
  DEADLINE_EXCEEDED: [4, 504],
  NOT_FOUND: [5, 404],
  ALREADY_EXISTS: [6, 409],
  PERMISSION_DENIED: [7, 403],
  RESOURCE_EXHAUSTED: [8, 429],
  FAILED_PRECONDITION: [9, 400],
  ABORTED: [10, 409],
  OUT_OF_RANGE: [11, 400],
  UNIMPLEMENTED: [12, 501],
  INTERNAL: [13, 500],
  UNAVAILABLE: [14, 503],
  DATA_LOSS: [15, 500],
  UNAUTHENTICATED: [16, 401],
}

/** The gateway refuses a request in its usual shape: `{"code": 5, "message": "…", "details": []}`. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly body: unknown

  constructor(code: RpcCode, message: string) {
    super(message === '' ? code : `${code}: ${message}`)
    const [number, status] = rpc[code]
    this.status = status
    this.body = { code: number, message, details: [] }
  }
}

/** An invalid key gets its own kind of error. */
export class KeyRefusal extends Error {
  override readonly name = 'KeyRefusal'
  readonly status = 401

  body(requestId: string): unknown {
    const message = 'The API key you provided is invalid.'
    return { error: { message, param: null, code: 'UNAUTHORIZED', type: 'error' }, request_id: requestId }
  }
}

/** The usual error body for an HTTP status. */
export function bodyOfStatus(status: number): unknown {
  const found = Object.values(rpc).find(([, known]) => known === status)
  const code = found?.[0] ?? (status >= 500 ? 13 : 3)
  return { code, message: '', details: [] }
}
