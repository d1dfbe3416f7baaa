import type { Net } from './call.ts'
import { isSafeOrigin } from './config.ts'
import { exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { storedMd5 } from './store-digest.ts'
import { USER_AGENT } from './user-agent.ts'

/**
 * The md5 (hex) of the archive that the service holds, as its store tells it; `undefined` where it cannot tell, for
 * whatever reason: then the archive is uploaded, which is never wrong. Asks for one byte, because a HEAD would not
 * match the signature of a URL that is signed for GET.
 * @throws EvaluatorUploadError only FW_ABORTED or FW_TIMEOUT by the signal
 */
export async function findStoredMd5(
  gateway: Pick<Gateway, 'getSourceCodeSignedUrl'>,
  { evaluatorId, fileName }: { evaluatorId: string; fileName: string },
  net: Net,
): Promise<string | undefined> {
  const urls = await gateway.getSourceCodeSignedUrl(evaluatorId).catch(() => undefined)
  net.signal.throwIfAborted()
  const url = urls?.[fileName] ?? onlyValue(urls)
  if (!url || !URL.canParse(url) || !isSafeOrigin(new URL(url))) return undefined
  const outcome = await exchange(net.dispatcher, {
    method: 'GET',
    url,
    headers: { range: 'bytes=0-0', 'user-agent': USER_AGENT },
    signal: net.signal,
    idleMs: net.config.timeouts.attemptMs,
    headOnly: true,
  })
  if ('failed' in outcome || outcome.reply.status > 206) return undefined
  return storedMd5(outcome.reply)
}

/** A client of another make may have given the archive another name. */
function onlyValue(urls: Record<string, string> = {}): string | undefined {
  const values = Object.values(urls)
  return values.length === 1 ? values[0] : undefined
}
