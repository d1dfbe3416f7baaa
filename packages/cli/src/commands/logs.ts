import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { EvaluatorUploadError, type Gateway, openDownload } from '@fw/evaluator-core'
import type { Context, Done } from '../context.ts'
import { inAccount, withGateway } from '../service.ts'

/** The first looks follow each other quickly, since short builds are common in tests; real ones take minutes. */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5000

export async function logs(given: Context, name: string, follow: boolean): Promise<Done> {
  const { context, id } = inAccount(given, name)
  const { signal, out, err, json } = context
  return withGateway(context, async (gateway) => {
    const decoder = new TextDecoder()
    let log = ''
    let bytes = 0
    let isWaiting = false
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      // The state first: a log that is read after the end is the whole one.
      const { state = 'STATE_UNSPECIFIED', status } = await gateway.getEvaluator(id)
      const isOver = !follow || state !== 'BUILDING'
      const had = bytes
      for await (const piece of more(gateway, { id, from: bytes, isLast: isOver, signal })) {
        const text = decoder.decode(piece, { stream: true })
        bytes += piece.length
        log += text
        if (!json) out.write(visible(text))
      }
      if (bytes > had) pauseMs = FIRST_PAUSE_MS
      if (isOver) {
        if (!json && log !== '' && !log.endsWith('\n')) out.line()
        if (follow) err.line(`${id} is ${state}${status?.message ? `: ${status.message}` : ''}`)
        return { result: { evaluatorId: id, state, log }, failed: follow && state === 'BUILD_FAILED' }
      }
      if (bytes === 0 && !isWaiting) err.line(`${id} is BUILDING and has no log yet.`)
      isWaiting = true
      await sleep(pauseMs, undefined, { signal }).catch(() => {
        throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted.', { hint: `${id} is still ${state}.` })
      })
    }
  })
}

interface Part {
  id: string
  from: number
  /** Without a log now there will be none. */
  isLast: boolean
  signal: AbortSignal
}

/** What the log has from byte `from` on. A log may only come when the build has ended. */
async function* more(gateway: Gateway, { id, from, isLast, signal }: Part): AsyncGenerator<Uint8Array> {
  const url = await gateway.getBuildLogEndpoint(id).catch((error: unknown) => {
    if (!isLast && error instanceof EvaluatorUploadError && error.code === 'FW_CONFLICT') return undefined
    throw error
  })
  if (url === undefined) return
  const download = await openDownload(url, { what: `read the build log of evaluator ${id}`, from, signal })
  try {
    yield* download.body
  } finally {
    await download.close()
  }
}

/** A log is other people's output: it must not move the cursor or set titles. */
function visible(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\t\n\r]/gu, '')
}
