import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EvaluatorUploadError, printable } from '@fw/evaluator-core'
import { readLog, serviceUrl } from '../archive/build-log.ts'
import { withScratch } from '../archive/output-file.ts'
import type { Context, Done } from '../context.ts'
import { findEvaluator } from '../options/project-file.ts'
import { inAccount, withGateway } from '../service.ts'
import { jsonDocument, jsonText } from '../terminal/json.ts'

/** The first looks follow each other quickly, since short builds are common in tests; real ones take minutes. */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5000

interface LogsFlags {
  follow?: true | undefined
}

/** Takes a piece of the log, and resolves when it may have the next. */
type Sink = (piece: Uint8Array) => Promise<void>

export async function logs(given: Context, name: string | undefined, { follow }: LogsFlags): Promise<Done> {
  const { context, id } = inAccount(given, (await findEvaluator(name, given)).name)
  const { out } = context
  if (context.json) return printDocument(context, id, follow === true)
  const text = createText()
  let last = ''
  const state = await copyLog(context, { id, follow: follow === true }, async (piece) => {
    last = text.decode(piece) || last
    out.write(last)
    await out.flushed()
  })
  const rest = text.decode()
  out.write(rest)
  last = rest || last
  if (last !== '' && !last.endsWith('\n')) out.line()
  return { result: undefined, hasServed: true, failed: follow === true && state === 'BUILD_FAILED' }
}

/** The document as it is made of the log, which may be larger than a string can be. */
async function printDocument(context: Context, id: string, follow: boolean): Promise<Done> {
  const { out, command } = context
  return withScratch(join(tmpdir(), 'fw-evaluator-'), async (scratch) => {
    const file = join(scratch, 'log')
    const handle = await open(file, 'w', 0o600)
    // Kept in a file until it is whole: a failure in the middle must be a document of its own.
    const state = await copyLog(context, { id, follow }, async (piece) => void (await handle.write(piece)))
    await handle.close()
    const failed = follow && state === 'BUILD_FAILED'
    const [before = '', after = ''] = jsonDocument({
      command,
      ok: !failed,
      result: { evaluatorId: id, state, log: '' },
    }).split('"log": ""')
    out.write(`${before}"log": "`)
    const decoder = new TextDecoder()
    for await (const piece of createReadStream(file)) {
      out.write(jsonText(decoder.decode(piece, { stream: true })))
      await out.flushed()
    }
    out.line(`${jsonText(decoder.decode())}"${after}`)
    return { result: undefined, hasServed: true, failed }
  })
}

interface Copied {
  id: string
  follow: boolean
}

/** Hands the log to `sink`, with `follow` until the build has ended. @returns the state then */
async function copyLog(context: Context, { id, follow }: Copied, sink: Sink): Promise<string> {
  const { signal, err } = context
  const baseUrl = await serviceUrl(context)
  return withGateway(context, async (gateway) => {
    let bytes = 0
    let isWaiting = false
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      // The state first: a log that is read after the end is the whole one.
      const { state = 'STATE_UNSPECIFIED', status } = await gateway.getEvaluator(id)
      const isOver = !follow || state !== 'BUILDING'
      const had = bytes
      for await (const piece of readLog(gateway, id, { from: bytes, isLast: isOver, signal, baseUrl })) {
        bytes += piece.length
        await sink(piece)
      }
      if (bytes > had) pauseMs = FIRST_PAUSE_MS
      if (isOver) {
        const why = status?.message ? `: ${status.message}` : ''
        if (follow) err.line(printable(`${id} is ${state}${why}`))
        return state
      }
      if (bytes === 0 && !isWaiting) err.line(`${id} is BUILDING and has no log yet.`)
      isWaiting = true
      await sleep(pauseMs, undefined, { signal }).catch(() => {
        throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted.', { hint: `${id} is still ${state}.` })
      })
    }
  })
}

/** Decodes the pieces of a log, made harmless: it is other people's output. */
function createText(): { decode(piece?: Uint8Array): string } {
  const decoder = new TextDecoder()
  let held = ''
  return {
    decode(piece) {
      const text = held + decoder.decode(piece, { stream: piece !== undefined })
      // An escape sequence or a line end may be cut in two: what could be the first part waits for the next piece.
      const cut = piece === undefined ? text.length : startOfUnfinished(text)
      held = text.slice(cut)
      return printable(text.slice(0, cut))
    },
  }
}

/** Longer than any escape sequence that is worth taking out whole. */
const MAX_HELD = 256

function startOfUnfinished(text: string): number {
  if (text.endsWith('\r')) return text.length - 1
  const start = Math.max(...['\u001b', '\u009b', '\u009d'].map((start) => text.lastIndexOf(start)))
  if (start < 0 || text.length - start > MAX_HELD) return text.length
  return /\n/.test(text.slice(start)) ? text.length : start
}
