import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { resolveConfig } from '../config/config.ts'
import { parseEvaluatorName } from '../config/evaluator-id.ts'
import { EvaluatorUploadError } from '../errors.ts'
import { createSession, type Session } from '../gateway/session.ts'
import { type Attempt, retry } from '../http/retry.ts'
import { checkOptions } from '../option-table.ts'
import { ARCHIVE_DOWNLOAD_OPTIONS, type ArchiveDownloadOptions } from '../options.ts'
import { storedMd5 } from './digest.ts'
import { type Answer, ask, pieces, sizeOf } from './download.ts'
import { parseSignedUrl } from './signed-url.ts'

/** The downloaded archive of an evaluator. */
export interface DownloadedArchive {
  /** Bytes. */
  readonly size: number
  /** Hex; compared with the store's, if the store reports one. */
  readonly md5: string
}

interface Wanted {
  what: string
  id: string
  outFile: string
  maxBytes: number
  knownMd5: string | undefined
}

/** Documented for users in api.ts. */
export async function downloadArchive(
  evaluator: string,
  options: ArchiveDownloadOptions,
): Promise<DownloadedArchive | undefined> {
  checkOptions(options, ARCHIVE_DOWNLOAD_OPTIONS, 'downloadArchive')
  const { outFile, maxBytes = Number.POSITIVE_INFINITY, knownMd5, signal, dispatcher, ...service } = options
  const { evaluatorId: id, accountId = service.accountId } = parseEvaluatorName(evaluator)
  const what = `fetch the archive of evaluator ${id}`
  const session = createSession({
    config: () => resolveConfig({ ...service, accountId }),
    signal: signal ?? new AbortController().signal,
    dispatcher,
  })
  try {
    const { config, signal } = await session.net()
    const wanted = { what, id, outFile, maxBytes, knownMd5 }
    return await retry(() => fetchOnce(session, wanted), { what, policy: config.retry, signal })
  } finally {
    await session.close()
  }
}

async function fetchOnce(session: Session, wanted: Wanted): Promise<Attempt<DownloadedArchive | undefined>> {
  const { what, id } = wanted
  const { config, dispatcher, signal } = await session.net()
  const { attemptMs } = config.timeouts
  // A new URL for each attempt, because the last one may have expired.
  const url = parseSignedUrl(await sourceUrl(session, id), what, config.baseUrl)
  const asked = await ask(dispatcher, { url, range: undefined, attemptMs, signal, decode: false })
  if (!('value' in asked)) return asked
  try {
    return { value: await writeAnswer(asked.value, { ...wanted, host: url.host, signal }) }
  } catch (error) {
    const isPassing =
      error instanceof EvaluatorUploadError &&
      ['FW_NETWORK', 'FW_TIMEOUT', 'FW_INTEGRITY'].includes(error.code)
    return { error, retry: isPassing && !signal.aborted }
  } finally {
    asked.value.idle.clear()
    asked.value.end()
  }
}

async function sourceUrl({ gateway }: Session, id: string): Promise<string> {
  const urls = await gateway.getSourceCodeSignedUrl(id)
  const all = Object.values(urls)
  // Another client may have given the archive another name.
  const url = urls[`${id}.tar.gz`] ?? (all.length === 1 ? all[0] : undefined)
  if (url) return url
  throw new EvaluatorUploadError('FW_NOT_FOUND', `The service holds no archive of evaluator ${id}.`, {
    hint: all.length > 1 ? `It holds ${Object.keys(urls).join(', ')}.` : 'Upload it first.',
  })
}

async function writeAnswer(
  answer: Answer,
  { what, outFile, maxBytes, knownMd5, host, signal }: Wanted & { host: string; signal: AbortSignal },
): Promise<DownloadedArchive | undefined> {
  const { createHash } = await import('node:crypto')
  const stored = storedMd5(answer.reply)
  if (knownMd5 !== undefined && stored === knownMd5) return undefined
  const checkSize = (size: number): void => {
    if (size <= maxBytes) return
    throw new EvaluatorUploadError('FW_SOURCE', `Could not ${what}: it has more than ${maxBytes} bytes.`, {
      hint: 'Allow more with `maxBytes`, if you trust who uploaded it.',
    })
  }
  checkSize(sizeOf(answer.reply, 0) ?? 0)
  const hash = createHash('md5')
  let size = 0
  async function* checked(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces(answer, { what, skip: 0, signal, host })) {
      size += piece.length
      checkSize(size)
      hash.update(piece)
      yield piece
    }
  }
  await pipeline(checked, createWriteStream(outFile, { mode: 0o600 }))
  const md5 = hash.digest('hex')
  if (stored === undefined || stored === md5) return { size, md5 }
  throw new EvaluatorUploadError(
    'FW_INTEGRITY',
    `Could not ${what}: its md5 is ${md5}, and the store says ${stored}.`,
    { hint: 'Run it again. If it fails again, upload the evaluator again.' },
  )
}
