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

/** Long enough to see that an evaluator is BUILDING. */
const BUILD_MS = 2000

const parent = process.ppid

/**
 * Whether the package manager that started this process has ended. npx sends a SIGTERM to its shell, and the shell ends
 * without passing it on. Without this check the process would run on, and keep its port.
 */
function isAbandoned(): boolean {
  return process.env.npm_config_user_agent !== undefined && process.ppid !== parent
}

/** Prints the variables for a client, and serves until a signal. */
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
    // Prints the document at the start, when a client needs it, and not at the end as other commands do.
    if (json) out.line(jsonDocument({ command, ok: true, result }))
    else for (const [name, value] of Object.entries(env)) out.line(`export ${name}=${value}`)
    err.line(`Emulator and its page: ${url}  (Ctrl-C to stop)`)
    emulator.on('response', ({ method, path, status, problem }) => {
      // These texts come from clients, so they must not control the terminal.
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
