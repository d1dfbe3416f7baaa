import type { Transform } from 'node:stream'
import type { Dispatcher } from 'undici'

/** What {@link decode} knows, as Accept-Encoding says it. */
export const ENCODINGS = 'gzip, deflate, br'

/**
 * The body of an answer without its Content-Encoding. Throws FW_GATEWAY's reason, as an error with `code`
 * `ERR_ENCODING`, for one that is not known.
 */
export async function* decode({
  headers,
  body,
}: Pick<Dispatcher.ResponseData, 'headers' | 'body'>): AsyncGenerator<Uint8Array> {
  const encodings = String(headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((each) => each !== '' && each !== 'identity')
  if (encodings.length === 0) return yield* body
  const decoders = await Promise.all(encodings.reverse().map(createDecoder))
  const { pipeline } = await import('node:stream')
  const last = decoders.at(-1)
  // Whoever reads the last one hears of every failure.
  pipeline([body, ...decoders], () => {})
  try {
    if (last) yield* last
  } finally {
    body.on('error', () => {}).destroy()
  }
}

/** zlib takes 3 ms to load, and few answers need it. */
async function createDecoder(encoding: string): Promise<Transform> {
  const { createBrotliDecompress, createGunzip, createInflate } = await import('node:zlib')
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  if (encoding === 'deflate') return createInflate()
  if (encoding === 'br') return createBrotliDecompress()
  throw Object.assign(new Error(`It came as ${encoding}, which was not asked for`), { code: 'ERR_ENCODING' })
}
