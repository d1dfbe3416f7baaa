import { clean } from './redact.ts'

/** Every code of an {@link EvaluatorUploadError}. Codes are stable: scripts may rely on them. */
export type ErrorCode =
  | 'FW_CONFIG'
  | 'FW_AUTH'
  | 'FW_NOT_FOUND'
  | 'FW_CONFLICT'
  | 'FW_RATE_LIMITED'
  | 'FW_GATEWAY'
  | 'FW_SIGNED_URL'
  | 'FW_INTEGRITY'
  | 'FW_SOURCE'
  | 'FW_SECRET'
  | 'FW_BUILD_FAILED'
  | 'FW_TIMEOUT'
  | 'FW_ABORTED'
  | 'FW_NETWORK'

/** The properties of an {@link EvaluatorUploadError} beside its message. */
export interface ErrorDetails {
  /** HTTP status of the answer that failed. */
  status?: number | undefined
  /** The service's `x-request-id`, for its support. */
  requestId?: string | undefined
  /** How many times the failing call was sent. */
  attempts?: number | undefined
  /** What to do next, in one sentence. */
  hint?: string | undefined
  cause?: unknown
}

/**
 * The error of every function of this package. `message` says what failed, on which evaluator or file, and why; `hint`
 * says what to do next; `code` is stable.
 *
 * No message and no `cause`, at any depth, contains a key, a signature, a signed query, or characters that control a
 * terminal. A cause is a copy of name, code and message, because errors of HTTP clients contain whole requests.
 *
 * @example
 * ```ts
 * try {
 *   await uploadEvaluator({ evaluatorId: 'my-evaluator', source: 'dist' })
 * } catch (error) {
 *   if (error instanceof EvaluatorUploadError) console.error(error.code, error.message, error.hint)
 *   throw error
 * }
 * ```
 */
export class EvaluatorUploadError extends Error {
  override readonly name = 'EvaluatorUploadError'
  readonly code: ErrorCode
  declare readonly status?: number | undefined
  declare readonly requestId?: string | undefined
  declare readonly attempts?: number | undefined
  declare readonly hint?: string | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(clean(message))
    this.code = code
    if (details.status !== undefined) this.status = details.status
    if (details.requestId !== undefined) this.requestId = clean(details.requestId)
    if (details.attempts !== undefined) this.attempts = details.attempts
    if (details.hint !== undefined) this.hint = clean(details.hint)
    if (details.cause !== undefined) this.cause = cleanCause(details.cause)
  }
}

/** A cause, reduced to name, code and message. A chain of causes ends after five. */
function cleanCause(cause: unknown, depth = 0): Error {
  if (cause instanceof EvaluatorUploadError) return cause
  if (!(cause instanceof Error)) return new Error(clean(String(cause)))
  const copy = new Error(clean(cause.message))
  copy.name = clean(cause.name)
  copy.stack = `${copy.name}: ${copy.message}`
  const code = 'code' in cause ? cause.code : undefined
  if (typeof code === 'string') Object.assign(copy, { code: clean(code) })
  if (cause.cause !== undefined && depth < 5) copy.cause = cleanCause(cause.cause, depth + 1)
  return copy
}
