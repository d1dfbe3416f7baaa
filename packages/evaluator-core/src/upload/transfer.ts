import type { Archive } from '../archive/archive.ts'
import { EvaluatorUploadError } from '../errors.ts'
import type { Session } from '../gateway/session.ts'
import { REPEATED, retry } from '../http/retry.ts'
import type { Steps } from '../progress.ts'
import { findStored } from '../store/digest.ts'
import { putArchive } from '../store/put.ts'
import type { Job } from './job.ts'

/**
 * Asks for a signed URL and sends the archive there; a URL that is too old is replaced by a fresh one.
 * @returns whether the store confirmed what it holds, by digest or length
 */
export async function transferArchive(
  job: Job,
  archive: Archive,
  steps: Steps,
  session: Session,
): Promise<boolean> {
  const net = await session.net()
  const outcome = await retry(
    async () => {
      const url = await steps.run('endpoint', () => askForUrl(job, archive, session))
      const put = await steps.run('put', () =>
        putArchive(url, archive, net, (done) =>
          job.emit({ type: 'bytes', step: 'put', done, total: archive.size }),
        ),
      )
      if (put === 'expired') return { error: allExpired(archive), retry: true }
      session.remember(url)
      return { value: put }
    },
    { what: `upload ${archive.fileName}`, policy: REPEATED.expiredUrl, signal: net.signal },
  )
  return outcome === 'verified' || confirmStored(job, archive, session)
}

/** A store that says nothing after the PUT is asked through the URL for download. */
async function confirmStored(
  { evaluatorId, logger }: Job,
  { fileName, size, md5 }: Archive,
  session: Session,
): Promise<boolean> {
  const held = await findStored(evaluatorId, session)
  const failed = (why: string) =>
    new EvaluatorUploadError('FW_INTEGRITY', `Could not upload ${fileName}: ${why}.`, {
      hint: 'Something between this machine and the store changes what passes. Run again on another network.',
    })
  if (held.isMissing) throw failed('the store said that it took the archive, and does not have it')
  if (held.md5 === undefined && held.size === undefined) {
    logger.warn(
      `The store took ${fileName} and tells neither digest nor length, so that it was not verified.`,
    )
    return false
  }
  if (held.md5 === undefined ? held.size === size : held.md5 === md5) return true
  const what = held.md5 === undefined ? `${held.size} bytes, not ${size}` : `md5 ${held.md5}, not ${md5}`
  throw failed(`the store holds other bytes than were sent (${what})`)
}

function allExpired({ fileName }: Archive): EvaluatorUploadError {
  return new EvaluatorUploadError(
    'FW_SIGNED_URL',
    `Could not upload ${fileName}: the store called ${REPEATED.expiredUrl.attempts} signed URLs expired, one after the other.`,
    { hint: 'Check that the clock of this machine is right.' },
  )
}

async function askForUrl(
  { evaluatorId }: Job,
  { fileName, size }: Archive,
  { gateway }: Session,
): Promise<string> {
  const urls = await gateway.getUploadEndpoint(evaluatorId, { [fileName]: size })
  const url = urls[fileName]
  if (url) return url
  throw new EvaluatorUploadError(
    'FW_GATEWAY',
    `The service gave no upload URL for ${fileName} of ${evaluatorId}.`,
    {
      hint: 'Run again. If it happens again, ask the support of the service.',
    },
  )
}
