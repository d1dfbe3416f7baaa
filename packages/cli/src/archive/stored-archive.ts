import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { EvaluatorUploadError, type Gateway, openDownload } from '@fw/evaluator-core'

export interface StoredArchive {
  /** Bytes. */
  readonly size: number
  /** Hex; compared with the store's where that says one. */
  readonly md5: string
}

interface FetchOptions {
  signal: AbortSignal
  /** Bytes that the archive may have. */
  maxBytes: number
  /** With this md5 (hex) the store holds what we have already, and nothing is fetched. */
  knownMd5?: string | undefined
}

/** Times that a download that broke off is begun anew. */
const MAX_DOWNLOADS = 3

/**
 * Writes the archive that the service holds to `file`; `undefined` where its md5 is `knownMd5`.
 * @throws EvaluatorUploadError FW_INTEGRITY where the bytes are not those that the store speaks of, FW_NOT_FOUND, …
 */
export async function fetchArchive(
  gateway: Gateway,
  id: string,
  file: string,
  options: FetchOptions,
): Promise<StoredArchive | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      // A fresh URL each time: the last one may have expired on the way.
      return await fetchOnce(await sourceUrl(gateway, id), id, file, options)
    } catch (error) {
      const passes =
        error instanceof EvaluatorUploadError && ['FW_NETWORK', 'FW_INTEGRITY'].includes(error.code)
      if (!passes || attempt === MAX_DOWNLOADS || options.signal.aborted) throw error
    }
  }
}

async function sourceUrl(gateway: Gateway, id: string): Promise<string> {
  const urls = await gateway.getSourceCodeSignedUrl(id)
  const all = Object.values(urls)
  // A client of another make may have given the archive another name.
  const url = urls[`${id}.tar.gz`] ?? (all.length === 1 ? all[0] : undefined)
  if (url) return url
  throw new EvaluatorUploadError('FW_NOT_FOUND', `The service holds no archive of evaluator ${id}.`, {
    hint: all.length > 1 ? `It holds ${Object.keys(urls).join(', ')}.` : 'Upload it first.',
  })
}

async function fetchOnce(
  url: string,
  id: string,
  file: string,
  { signal, maxBytes, knownMd5 }: FetchOptions,
): Promise<StoredArchive | undefined> {
  const what = `fetch the archive of evaluator ${id}`
  const tooLarge = (): EvaluatorUploadError =>
    new EvaluatorUploadError('FW_SOURCE', `Could not ${what}: it has more than ${maxBytes} bytes.`, {
      hint: 'Allow more with --max-size, if you trust who uploaded it.',
    })
  const download = await openDownload(url, { what, signal })
  try {
    if (knownMd5 !== undefined && download.md5 === knownMd5) return undefined
    if ((download.size ?? 0) > maxBytes) throw tooLarge()
    const hash = createHash('md5')
    let size = 0
    async function* checked(): AsyncGenerator<Uint8Array> {
      for await (const piece of download.body) {
        size += piece.length
        if (size > maxBytes) throw tooLarge()
        hash.update(piece)
        yield piece
      }
    }
    await pipeline(checked, createWriteStream(file, { mode: 0o600 }))
    const md5 = hash.digest('hex')
    if (download.md5 !== undefined && download.md5 !== md5) {
      throw new EvaluatorUploadError(
        'FW_INTEGRITY',
        `Could not ${what}: its md5 is ${md5}, and the store says ${download.md5}.`,
        { hint: 'Run it again. If it fails again, upload the evaluator again.' },
      )
    }
    return { size, md5 }
  } finally {
    await download.close()
  }
}
