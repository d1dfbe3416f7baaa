import { createHash } from 'node:crypto'
import type { Emulator } from '../index.ts'
import { tarGz } from './tar-gz.ts'

/** What a client needs from an emulator. */
export type Target = Pick<Emulator, 'url' | 'apiKey' | 'accountId'>

export interface Reply {
  status: number
  headers: Headers
  body: unknown
}

/** One JSON call to the gateway. */
export async function call(emulator: Target, method: string, path: string, body?: unknown): Promise<Reply> {
  const response = await fetch(emulator.url + path, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${emulator.apiKey}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? '' : JSON.parse(text) }
}

/** `/v1/accounts/…/evaluators` and what follows. */
export function evaluatorsPath(emulator: Target, rest = ''): string {
  return `/v1/accounts/${emulator.accountId}/evaluators${rest}`
}

export function create(emulator: Target, evaluatorId = 'my-eval', evaluator: unknown = {}): Promise<Reply> {
  return call(emulator, 'POST', `/v1/accounts/${emulator.accountId}/evaluatorsV2`, { evaluator, evaluatorId })
}

export function get(emulator: Target, evaluatorId = 'my-eval'): Promise<Reply> {
  return call(emulator, 'GET', evaluatorsPath(emulator, `/${evaluatorId}`))
}

export function validate(emulator: Target, evaluatorId = 'my-eval'): Promise<Reply> {
  return call(emulator, 'POST', evaluatorsPath(emulator, `/${evaluatorId}:validateUpload`), {})
}

export function prepare(emulator: Target, evaluatorId = 'my-eval'): Promise<Reply> {
  return call(emulator, 'PATCH', evaluatorsPath(emulator, `/${evaluatorId}?prepareCodeUpload=true`), {})
}

export function endpoint(emulator: Target, size: number, evaluatorId = 'my-eval'): Promise<Reply> {
  const filenameToSize = { [`${evaluatorId}.tar.gz`]: String(size) }
  return call(emulator, 'POST', evaluatorsPath(emulator, `/${evaluatorId}:getUploadEndpoint`), {
    filenameToSize,
  })
}

export async function uploadUrl(emulator: Target, size: number, evaluatorId = 'my-eval'): Promise<string> {
  const { status, body } = await endpoint(emulator, size, evaluatorId)
  if (status !== 200) throw new Error(`getUploadEndpoint answered ${status}: ${JSON.stringify(body)}`)
  return signedUrl(body, `${evaluatorId}.tar.gz`)
}

/** The URL in an answer that has `filenameToSignedUrls`. */
export function signedUrl(body: unknown, name = 'my-eval.tar.gz'): string {
  const urls = field(body, 'filenameToSignedUrls')
  return String(field(urls, name))
}

export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) throw new Error(`There is no ${name} in ${String(value)}`)
  return Reflect.get(value, name)
}

export function sourceUrls(emulator: Target, evaluatorId = 'my-eval'): Promise<Reply> {
  return call(emulator, 'GET', evaluatorsPath(emulator, `/${evaluatorId}:getSourceCodeSignedUrl`))
}

export function buildLog(emulator: Target, evaluatorId = 'my-eval'): Promise<Reply> {
  return call(emulator, 'GET', evaluatorsPath(emulator, `/${evaluatorId}:getBuildLogEndpoint`))
}

/** The headers that an upload URL of GCS needs. */
export function putHeaders(size: number): Record<string, string> {
  return { 'content-type': 'application/octet-stream', 'x-goog-content-length-range': `${size},${size}` }
}

export function put(
  url: string,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url, { method: 'PUT', body: bytes, headers: { ...putHeaders(bytes.length), ...headers } })
}

/** A source that passes every check. */
const goodFiles: Record<string, string> = {
  'my-eval/requirements.txt': 'numpy==2.1.0\n',
  'my-eval/scorer.py': 'def score(row):\n    return 1.0\n',
}

/** Creates, asks for the URL and PUTs. Resolves with the bytes and the store's answer. */
export async function putSource(
  emulator: Target,
  files: Parameters<typeof tarGz>[0] = goodFiles,
  evaluator: unknown = {},
): Promise<{ bytes: Uint8Array<ArrayBuffer>; response: Response }> {
  const bytes = tarGz(files)
  const created = await create(emulator, 'my-eval', evaluator)
  if (created.status !== 200) throw new Error(`create answered ${created.status}`)
  return { bytes, response: await put(await uploadUrl(emulator, bytes.length), bytes) }
}

/** The same, and validates. Resolves when the build has started. */
export async function upload(
  emulator: Emulator,
  files: Record<string, string> = goodFiles,
  evaluator: unknown = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { bytes, response } = await putSource(emulator, files, evaluator)
  if (response.status !== 200) throw new Error(`PUT answered ${response.status}: ${await response.text()}`)
  const validated = await validate(emulator)
  if (validated.status !== 200) throw new Error(`validateUpload: ${JSON.stringify(validated.body)}`)
  return bytes
}

/** The same, and waits for the end of the build. */
export async function uploadAndBuild(
  emulator: Emulator,
  files?: Record<string, string>,
  evaluator?: unknown,
): Promise<Uint8Array<ArrayBuffer>> {
  const ended = emulator.waitFor('state', ({ from }) => from === 'BUILDING')
  ended.catch(() => {})
  const bytes = await upload(emulator, files, evaluator)
  await ended
  return bytes
}

export function md5Hex(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}
