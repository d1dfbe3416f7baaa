import { once } from 'node:events'
import { EvaluatorUploadError } from '@fw/evaluator-core'
import { startEmulator } from '@fw/evaluator-emulator'
import type { Context, Done } from '../context.ts'
import { printable } from '../terminal/format.ts'
import { jsonDocument } from '../terminal/json.ts'

interface EmulatorFlags {
  port?: number | undefined
  storePort?: number | undefined
  dir?: string | undefined
  buildTime?: number | undefined
}

/** Long enough that a person sees an evaluator BUILDING. */
const BUILD_MS = 2000

const parent = process.ppid

/**
 * Whether the package manager that started us is gone. npx hands a SIGTERM to its shell, which ends without handing it
 * on: nobody would end this process then, and its port would stay taken.
 */
function isAbandoned(): boolean {
  return process.env.npm_config_user_agent !== undefined && process.ppid !== parent
}

/** Prints the variables for a client, and serves until a signal comes. */
export async function emulate(context: Context, flags: EmulatorFlags): Promise<Done> {
  const { json, out, err, signal, command } = context
  const { port, storePort, dir, buildTime: buildMs = BUILD_MS } = flags
  const given = { port, storePort, dir }
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const emulator = await startEmulator({ ...options, buildMs }).catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new EvaluatorUploadError('FW_CONFIG', `The emulator could not start: ${message}`, { cause })
  })
  try {
    const { url, storeUrl, apiKey, accountId, env } = emulator
    const result = { url, storeUrl, apiKey, accountId, env }
    // The document comes when it can be used, not when all is over.
    if (json) out.line(jsonDocument({ command, ok: true, result }))
    else for (const [name, value] of Object.entries(env)) out.line(`export ${name}=${value}`)
    err.line(`The emulator listens on ${url}, also for a browser; Ctrl-C ends it.`)
    emulator.on('response', ({ method, path, status, problem }) => {
      // Clients chose these texts. One line each, and nothing in it that a terminal obeys.
      const line = printable(`${status ?? '---'} ${method} ${path}${problem ? `  ${problem}` : ''}`)
      err.line(err.style('dim', line))
    })
    const abandoned = new AbortController()
    const watch = setInterval(() => isAbandoned() && abandoned.abort(), 200)
    const end = AbortSignal.any([signal, abandoned.signal])
    if (!end.aborted) await once(end, 'abort')
    clearInterval(watch)
  } finally {
    await emulator.close()
  }
  return { result: undefined, hasServed: true }
}
