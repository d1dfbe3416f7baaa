import { describeConfig, EvaluatorUploadError, type Gateway, openDownload } from '@fw/evaluator-core'
import type { Context } from '../context.ts'

const END_BYTES = 64 * 1024
const END_LINES = 20
/** A slow log must not keep `status` waiting. */
const END_MS = 5000

interface Part {
  /** The first byte to read. */
  from: number
  /** The build has ended, so a missing log is an error. */
  isLast: boolean
  signal: AbortSignal
  /** The service that names the URL. */
  baseUrl: string
}

/** Core trusts a store on this machine only if the service is here too, so it needs the service's URL. */
export async function serviceUrl({ gateway: { accountId, baseUrl } }: Context): Promise<string> {
  return (await describeConfig({ accountId, baseUrl })).baseUrl
}

/** The log from byte `from` on. Some logs appear only when the build has ended. */
export async function* readLog(
  gateway: Gateway,
  id: string,
  { from, isLast, signal, baseUrl }: Part,
): AsyncGenerator<Uint8Array> {
  const url = await gateway.getBuildLogEndpoint(id).catch((error: unknown) => {
    if (!isLast && error instanceof EvaluatorUploadError && error.code === 'FW_CONFLICT') return undefined
    throw error
  })
  if (url === undefined) return
  const download = await openDownload(url, {
    what: `read the build log of evaluator ${id}`,
    from,
    signal,
    baseUrl,
    decode: true,
  })
  try {
    yield* download.body
  } finally {
    await download.close()
  }
}

/** The last lines of the log; `undefined` if there is none, or if it is too slow. */
export async function readLogEnd(
  gateway: Gateway,
  id: string,
  context: Context,
): Promise<string | undefined> {
  const parent = context.signal
  const signal = AbortSignal.any([parent, AbortSignal.timeout(END_MS)])
  let end = Buffer.alloc(0)
  try {
    const url = await gateway.getBuildLogEndpoint(id)
    const baseUrl = await serviceUrl(context)
    const head = await openDownload(url, { signal, baseUrl })
    await head.close()
    const from = Math.max(0, (head.size ?? 0) - END_BYTES)
    for await (const piece of readLog(gateway, id, { from, isLast: true, signal, baseUrl })) {
      end = Buffer.concat([end, piece]).subarray(-END_BYTES)
    }
  } catch (error) {
    // A missing log must not hide the result of the build.
    if (parent.aborted) throw error
  }
  return end.toString().trimEnd().split('\n').slice(-END_LINES).join('\n') || undefined
}
