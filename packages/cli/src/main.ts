import { CommanderError } from '@commander-js/extra-typings'
import type { Context, Start } from './context.ts'
import { createGrammar } from './grammar.ts'
import { setUpHelp } from './terminal/help.ts'
import { createInterrupt, type Interrupt } from './terminal/interrupt.ts'
import { createLogger } from './terminal/logger.ts'
import { createOut, type Out } from './terminal/out.ts'
import { UsageError } from './terminal/usage-error.ts'

/** Commands whose only purpose is what they print: they end when nobody reads it. */
const READERS: ReadonlySet<string> = new Set(['list', 'logs', 'status', 'inspect', 'diff', 'doctor'])

/** Never ends the process itself, except on a second Ctrl-C: output that is still on its way would be lost. */
export async function main(argv: readonly string[]): Promise<void> {
  const { env } = process
  const err = createOut(process.stderr, env)
  const interrupt = createInterrupt(() => err.line('Still ending; another Ctrl-C ends it at once.'))
  let reads = false
  const out = createOut(process.stdout, env, () => {
    if (reads) interrupt.leave()
  })
  const debug = /(^|[\s,])(fw-evaluator|\*)/.test(env.DEBUG ?? '')

  const start: Start = async (command, options, run) => {
    reads = READERS.has(command)
    const verbose = options.verbose === true || debug
    const json = options.json === true
    const { accountId, baseUrl } = options
    const { signal } = interrupt
    const gateway = { accountId, baseUrl, signal, logger: createLogger(err, verbose, err.line) }
    const context: Context = { command, json, verbose, signal, out, err, gateway }
    try {
      const done = await run(context)
      if (done.hasServed) {
        process.exitCode = interrupt.exitCode() ?? 0
        return
      }
      if (json) out.line(document({ command, ok: done.failed !== true, result: done.result }))
      else if (done.text) out.write(ensureLineEnd(done.text()))
      // A signal that came too late to stop the work is no reason to call good work interrupted.
      process.exitCode = done.failed ? (interrupt.exitCode() ?? 1) : 0
    } catch (error) {
      await fail(error, { command, json, verbose }, { out, err, interrupt })
    }
  }

  const wantsJson = argv.includes('--json')
  const program = createGrammar(start)
  setUpHelp(program, { out, err, quiet: wantsJson })
  if (argv[0] === 'complete' && argv[1] === '--') {
    const { printCompletions } = await import('./commands/complete.ts')
    printCompletions(program, argv.slice(2))
    return
  }
  const [command = ''] = argv.filter((arg) => !arg.startsWith('-'))
  try {
    await program.parseAsync(argv.map(onlyWithEquals), { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return
    // What the parser found wrong it has printed already, unless that would be beside the JSON document.
    if (error instanceof CommanderError && !wantsJson) {
      process.exitCode = 2
      return
    }
    const wrong = error instanceof CommanderError ? usageError(error) : error
    await fail(wrong, { command, json: wantsJson, verbose: debug }, { out, err, interrupt })
  }
}

interface Failing {
  command: string
  json: boolean
  verbose: boolean
}

async function fail(
  error: unknown,
  { command, json, verbose }: Failing,
  { out, err, interrupt }: { out: Out; err: Out; interrupt: Interrupt },
): Promise<void> {
  if (interrupt.hasLeft) {
    process.exitCode = 0
    return
  }
  const { failureDocument, failureExitCode, printFailure } = await import('./terminal/failure.ts')
  if (json) out.line(document({ command, ok: false, error: failureDocument(error) }))
  printFailure(err, error, verbose)
  process.exitCode = interrupt.exitCode() ?? failureExitCode(error)
}

function usageError({ message }: CommanderError): UsageError {
  const [said = message, hint] = message.split('\n')
  return new UsageError(said.replace(/^error: /, ''), hint?.replace(/^\(|\)$/g, ''))
}

/** Flags that take a value with `=` only: in `--wait dist` the word after it is the folder. */
const ONLY_WITH_EQUALS: ReadonlySet<string> = new Set(['--wait', '--from-build'])

function onlyWithEquals(arg: string): string {
  return ONLY_WITH_EQUALS.has(arg) ? `${arg}=default` : arg
}

function document(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

function ensureLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
