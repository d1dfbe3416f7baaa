import { isSafeOrigin } from '../config/config.ts'
import { deadline } from '../deadline.ts'
import type { Session } from '../gateway/session.ts'
import { exchange, USER_AGENT } from '../http/exchange.ts'
import { storedMd5 } from './digest.ts'

/** It only saves an upload, so it may not take longer than one. */
const MAX_LOOK_MS = 10_000

/**
 * The md5 (hex) of the archive that the service holds, as its store tells it; `undefined` where it cannot tell, for
 * whatever reason: then the archive is uploaded, which is never wrong. Asks for one byte, because a HEAD would not
 * match the signature of a URL that is signed for GET.
 */
export async function findStoredMd5(evaluatorId: string, session: Session): Promise<string | undefined> {
  const { dispatcher, config, signal: parent } = await session.net()
  const { signal, clear } = deadline(MAX_LOOK_MS, 'The store did not say in time what it holds.', '', parent)
  try {
    const urls = await session.withSignal(signal).gateway.getSourceCodeSignedUrl(evaluatorId)
    const url = urls[`${evaluatorId}.tar.gz`] ?? onlyValue(urls)
    if (!url || !URL.canParse(url) || !isSafeOrigin(new URL(url))) return undefined
    const outcome = await exchange(dispatcher, {
      method: 'GET',
      url,
      headers: { range: 'bytes=0-0', 'user-agent': USER_AGENT },
      signal,
      idleMs: config.timeouts.attemptMs,
      headOnly: true,
    })
    if ('failed' in outcome || outcome.reply.status > 206) return undefined
    return storedMd5(outcome.reply)
  } catch {
    return undefined
  } finally {
    clear()
  }
}

/** A client of another make may have given the archive another name. */
function onlyValue(urls: Record<string, string>): string | undefined {
  const values = Object.values(urls)
  return values.length === 1 ? values[0] : undefined
}
