import type { Archive } from '../archive/archive.ts'
import { EvaluatorUploadError } from '../errors.ts'
import type { Session } from '../gateway/session.ts'
import type { Steps } from '../progress.ts'
import { putArchive } from '../store/put.ts'
import type { Job } from './job.ts'

/** A URL that expires before the bytes are sent is replaced; one that expires thrice is a fault. */
const MAX_URLS = 3

/** Asks for a signed URL and sends the archive there; a URL that is too old is replaced by a fresh one. */
export async function transferArchive(
  job: Job,
  archive: Archive,
  steps: Steps,
  session: Session,
): Promise<void> {
  const net = await session.net()
  for (let urls = 1; urls <= MAX_URLS; urls++) {
    const url = await steps.run('endpoint', () => askForUrl(job, archive, session))
    const outcome = await steps.run('put', () =>
      putArchive(url, archive, net, (done) =>
        job.emit({ type: 'bytes', step: 'put', done, total: archive.size }),
      ),
    )
    if (outcome === 'stored') return await session.remember(url)
  }
  throw new EvaluatorUploadError(
    'FW_SIGNED_URL',
    `Could not upload ${archive.fileName}: the store called ${MAX_URLS} signed URLs expired, one after the other.`,
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
      hint: 'Run again; if it stays so, ask the support of the service.',
    },
  )
}
