import { CommanderError } from '@commander-js/extra-typings'
import type { Context, Start } from './context.ts'
import { createGrammar } from './grammar.ts'
import { parseDuration } from './options/flag-values.ts'
import { failureDocument, failureExitCode, printFailure } from './terminal/failure.ts'
import { setUpHelp } from './terminal/help.ts'
import { createInterrupt, type Interrupt } from './terminal/interrupt.ts'
import { jsonDocument } from './terminal/json.ts'
import { createLogger } from './terminal/logger.ts'
import { createOut, type Out } from './terminal/out.ts'
import { systemReason } from './terminal/system-error.ts'
import { UsageError } from './terminal/usage-error.ts'

/** Commands that only print. They end when nobody reads their output. */
const PRINTING: ReadonlySet<string> = new Set([
  'list',
  'logs',
  'status',
  'inspect',
  'diff',
  'doctor',
  'whoami',
])
/** Commands that change nothing at the service. A signal ends them at once. */
const READING: ReadonlySet<string> = new Set([...PRINTING, 'pull', 'pack', 'open', 'complete'])

/** Runs the command that `argv` names. Does not call process.exit, which would lose buffered output. */
export async function main(argv: readonly string[]): Promise<void> {
  const { env } = process
  let running = ''
  const lost = (stream: string, error: Error): void => {
    err.line(`${err.style('red', '✖')} ${stream} cannot be written: ${systemReason(error) ?? error.message}`)
    // The exit code of the command is set later, and must not hide the lost output.
    process.once('exit', (code) => {
      if (code === 0) process.exitCode = 1
    })
    if (PRINTING.has(running)) interrupt.leave()
  }
  const err = createOut(process.stderr, env, { onLost: (error) => lost('stderr', error) })
  const out = createOut(process.stdout, env, {
    onClosed() {
      if (PRINTING.has(running)) interrupt.leave()
    },
    onLost: (error) => lost('stdout', error),
  })
  const wantsJson = argv.includes('--json')
  const interrupt = createInterrupt({
    onSlow: () => err.line('Still ending; another Ctrl-C ends it at once.'),
    mayLeave: () => READING.has(running),
    onLeave() {
      const error = { code: 'FW_ABORTED', message: 'Interrupted.' }
      if (wantsJson) out.line(jsonDocument({ command: running, ok: false, error }))
      err.line(`${err.style('red', '✖')} Interrupted.`)
    },
  })
  const debug = /(^|[\s,])(fw-evaluator|\*)/.test(env.DEBUG ?? '')

  const start: Start = async (command, options, run) => {
    running = command
    const verbose = options.verbose === true || debug
    const wantsJson = options.json === true
    const { accountId, baseUrl } = options
    const { signal } = interrupt
    const gateway = { accountId, baseUrl, signal, logger: createLogger(err, verbose, err.line) }
    const context: Context = { command, json: wantsJson, verbose, signal, out, err, gateway }
    try {
      const done = await run(context)
      if (done.hasServed) {
        process.exitCode = interrupt.exitCode() ?? (done.failed ? 1 : 0)
        return
      }
      if (wantsJson) out.line(jsonDocument({ command, ok: done.failed !== true, result: done.result }))
      else if (done.text) out.write(ensureLineEnd(done.text()))
      // If a signal came too late to stop the work, the work is complete, not interrupted.
      process.exitCode = done.failed ? (interrupt.exitCode() ?? 1) : 0
    } catch (error) {
      await fail(error, { command, json: wantsJson, verbose }, { out, err, interrupt })
    }
    endSoon()
  }

  const program = createGrammar(start)
  setUpHelp(program, { out, err, quiet: wantsJson })
  if (argv[0] === 'complete' && argv[1] === '--') {
    running = 'complete'
    const { printCompletions } = await import('./commands/complete.ts')
    await printCompletions(program, argv.slice(2))
    return
  }
  const [command = ''] = argv.filter((arg) => !arg.startsWith('-'))
  try {
    await program.parseAsync(joinOptionalValues(argv), { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return
    // Without --json, the parser has printed the error already.
    if (error instanceof CommanderError && !wantsJson) {
      process.exitCode = 2
      return
    }
    const wrong = error instanceof CommanderError ? usageError(error) : error
    await fail(wrong, { command, json: wantsJson, verbose: debug }, { out, err, interrupt })
  }
}

/** Output to a slow reader of stdout keeps the process alive by itself, so this is long enough. */
const LEFT_OPEN_MS = 2000

/** The work is done, so an open socket must not keep the process alive. */
function endSoon(): void {
  setTimeout(() => {
    if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit()
    else endSoon()
  }, LEFT_OPEN_MS).unref()
}

interface Failing {
  command: string
  json: boolean
  verbose: boolean
}

async function fail(
  error: unknown,
  { command, json: wantsJson, verbose }: Failing,
  { out, err, interrupt }: { out: Out; err: Out; interrupt: Interrupt },
): Promise<void> {
  if (interrupt.hasLeft) {
    process.exitCode = 0
    return
  }
  if (wantsJson) out.line(jsonDocument({ command, ok: false, error: failureDocument(error) }))
  printFailure(err, error, verbose)
  process.exitCode = interrupt.exitCode() ?? failureExitCode(error)
}

function usageError({ message }: CommanderError): UsageError {
  const [said = message, hint] = message.split('\n')
  return new UsageError(said.replace(/^error: /, ''), hint?.replace(/^\(|\)$/g, ''))
}

/** Flags with an optional value. The next word is the folder. */
const OPTIONAL_VALUE: ReadonlySet<string> = new Set(['--wait', '--from-build'])

/**
 * `--wait 5m dist` as `--wait=5m dist`, and `--wait dist` as `--wait=default dist`. The parser would use the folder as
 * the time. For a folder named `5m`, write `./5m`.
 */
function joinOptionalValues(argv: readonly string[]): string[] {
  const joined: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const arg = argv[at] ?? ''
    if (arg === '--') return [...joined, ...argv.slice(at)]
    const next = argv[at + 1] ?? ''
    if (!OPTIONAL_VALUE.has(arg)) joined.push(arg)
    else if (arg !== '--wait' || !isDuration(next)) joined.push(`${arg}=default`)
    else {
      joined.push(`--wait=${next}`)
      at++
    }
  }
  return joined
}

function isDuration(text: string): boolean {
  try {
    return parseDuration(text) > 0
  } catch {
    return false
  }
}

function ensureLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
