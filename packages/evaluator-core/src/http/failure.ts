import { type ErrorCode, EvaluatorUploadError } from '../errors.ts'

/** What went wrong in one attempt, as data: it becomes an error only when there is no further attempt. */
export interface Failure {
  code: ErrorCode
  /** Completes "Could not …: ". */
  reason: string
  hint?: string | undefined
  status?: number | undefined
  requestId?: string | undefined
  /** Milliseconds that the other side asked us to wait. */
  retryAfterMs?: number | undefined
  /** Another attempt may go well. */
  retry?: boolean | undefined
  cause?: unknown
}

/** What a proxy did wrong, which is no fault of the host behind it. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError'
  /** `host:port`. */
  readonly proxy: string
  /** What it answered; missing where it could not be asked. */
  readonly status: number | undefined

  constructor(message: string, proxy: string, details: { status?: number; cause?: unknown } = {}) {
    super(message, { cause: details.cause })
    this.proxy = proxy
    this.status = details.status
  }
}

const CONNECTION_HINT =
  'Check the connection, FIREWORKS_API_BASE, and HTTPS_PROXY/NO_PROXY where a proxy is needed.'
const CERTIFICATE_HINT =
  "Where a proxy or a private CA signs: set NODE_EXTRA_CA_CERTS to the file of that CA's certificate."
const PROXY_HINT = 'Check HTTPS_PROXY and HTTP_PROXY, or exempt the host with NO_PROXY.'
const PASSWORD_HINT =
  'Put the name and the password that it asks for before the host in HTTPS_PROXY (and HTTP_PROXY).'
const UNTRUSTED =
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_.*|CERT_.*|ERR_TLS_CERT_ALTNAME_INVALID)$/

/** Puts what Node and undici throw into words. */
export function networkFailure(error: unknown, host: string): Failure {
  if (error instanceof ProxyError) return proxyFailure(error)
  if (error instanceof EvaluatorUploadError) return ownFailure(error)
  const code = codeOf(error)
  const failure = { code: 'FW_NETWORK', retry: true, hint: CONNECTION_HINT, cause: error } as const
  if (UNTRUSTED.test(code)) {
    const reason = `the certificate of ${host} is not trusted (${code})`
    return { ...failure, reason, retry: false, hint: CERTIFICATE_HINT }
  }
  if (code === 'ERR_ENCODING' || /^(Z_|ERR_BROTLI|ERR__ERROR_FORMAT)/.test(code)) {
    const retry = code !== 'ERR_ENCODING'
    return {
      ...failure,
      code: 'FW_GATEWAY',
      reason: `what ${host} answered cannot be decoded (${code})`,
      retry,
    }
  }
  if (error instanceof Error && error.name === 'HTTPParserError') {
    return { ...failure, code: 'FW_GATEWAY', reason: `what ${host} answered is not HTTP` }
  }
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { ...failure, reason: `the name ${host} could not be resolved (${code})` }
    case 'ECONNREFUSED':
      return { ...failure, reason: `${host} refused the connection (${code})` }
    case 'UND_ERR_CONNECT_TIMEOUT':
      return { ...failure, code: 'FW_TIMEOUT', reason: `no connection to ${host} within the time allowed` }
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return { ...failure, code: 'FW_TIMEOUT', reason: `${host} did not answer within the time allowed` }
    case 'UND_ERR_SOCKET':
      // undici's words for an interim answer (100 Continue) that nobody asked for; it cannot go on behind one.
      if (messageOf(error) === 'bad response') {
        return {
          ...failure,
          code: 'FW_GATEWAY',
          reason: `${host} sent an interim answer that was not asked for`,
        }
      }
      return { ...failure, reason: `${host} closed the connection before it had answered` }
    case 'ECONNRESET':
    case 'EPIPE':
      return { ...failure, reason: `${host} closed the connection before it had answered` }
    default:
      return { ...failure, reason: `the connection to ${host} failed (${code || messageOf(error)})` }
  }
}

/** A refusal is final and told at once; a proxy that cannot be asked is a network that may come back. */
function proxyFailure(error: ProxyError): Failure {
  const { proxy, status, cause } = error
  const name = `the proxy ${proxy}`
  const hint = status === 407 ? PASSWORD_HINT : PROXY_HINT
  if (cause !== undefined) return { ...networkFailure(cause, name), hint }
  return { code: 'FW_NETWORK', reason: `${name} ${error.message}`, status, retry: false, hint }
}

/** Such as an archive that was cut short while it was sent. */
function ownFailure({ code, message, hint, cause }: EvaluatorUploadError): Failure {
  return { code, reason: message.replace(/\.$/, ''), hint, cause, retry: false }
}

/** The code of an error or, for the wrappers that name none, of its cause or first inner error. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return 'cause' in error ? codeOf(error.cause) : ''
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
