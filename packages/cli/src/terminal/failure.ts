import { readFileSync } from 'node:fs'
import { EvaluatorUploadError, printable } from '@fw/evaluator-core'
import type { Out } from './out.ts'
import { isMissingWorkingDirectory, systemPath, systemReason } from './system-error.ts'
import { UsageError } from './usage-error.ts'
import { wrap } from './width.ts'

/** An error in the JSON document. */
export interface FailureDocument {
  code: string
  message: string
  hint?: string
  status?: number
  requestId?: string
  attempts?: number
}

/** Hints of core name its options. For the command, these are flags. */
const FLAG_OF_OPTION: readonly (readonly [option: RegExp, flag: string])[] = [
  [/`include`/g, '--include'],
  [/`exclude`/g, '--exclude'],
  [/`allowSecrets`/g, '--allow-secret'],
  [/set `gitignore: false`/g, 'pass --no-gitignore'],
  [/`maxBytes`/g, '--max-size'],
  [/`entryPoint: false`/g, '--no-entry-point'],
  [/`entryPoint`/g, '--entry-point'],
  [/\btimeouts\.totalMs\b/g, '--timeout'],
  [/\bwait\.timeoutMs\b/g, '--wait=<time>'],
  [/let it be created with ifMissing: 'create'/g, 'leave out --no-create'],
]

function inFlags(hint: string): string {
  return FLAG_OF_OPTION.reduce((text, [option, flag]) => text.replace(option, flag), hint)
}

/** The public part of an error. */
export function failureDocument(error: unknown): FailureDocument {
  if (isMissingWorkingDirectory(error)) {
    const hint = 'Change to a folder that exists, and run again.'
    return { code: 'FW_SOURCE', message: 'The working directory does not exist any more.', hint }
  }
  if (error instanceof EvaluatorUploadError) {
    const { code, hint, status, requestId, attempts } = error
    const message = code === 'FW_ABORTED' ? 'Interrupted.' : error.message
    const shown = hint === undefined ? undefined : inFlags(hint)
    const help = code === 'FW_AUTH' && /no API key was found/.test(message) ? (unreadKey() ?? shown) : shown
    return {
      code,
      message,
      ...(help !== undefined && { hint: help }),
      ...(status !== undefined && { status }),
      ...(requestId !== undefined && { requestId }),
      ...(attempts !== undefined && { attempts }),
    }
  }
  if (error instanceof UsageError) {
    const { code, message, hint } = error
    return { code, message, ...(hint !== undefined && { hint }) }
  }
  const reason = systemReason(error)
  if (reason !== undefined) {
    const where = systemPath(error) ?? 'A file'
    return { code: 'FW_SOURCE', message: `${where} cannot be used: ${reason}.` }
  }
  const message = error instanceof Error ? error.message : String(error)
  const hint = 'This is a bug of fw-evaluator. Run again with --verbose, and report what it prints.'
  return { code: 'FW_INTERNAL', message, hint }
}

/** Says that a key is in a `.env` file of the working directory, which the command does not read. Does not keep the value. */
function unreadKey(): string | undefined {
  const file = ['.env', '.env.local'].find((name) => {
    try {
      return /^\s*(export\s+)?FIREWORKS_API_KEY\s*=\s*["']?[^\s"'#]/m.test(readFileSync(name, 'utf8'))
    } catch {
      return false
    }
  })
  if (file === undefined) return undefined
  return `FIREWORKS_API_KEY is in ${file}, which fw-evaluator does not read. Load it in your shell: set -a; . ./${file}; set +a`
}

/** 2 if the call or the configuration is wrong, so that nothing was tried; else 1. */
export function failureExitCode(error: unknown): number {
  if (error instanceof UsageError) return 2
  return error instanceof EvaluatorUploadError && error.code === 'FW_CONFIG' ? 2 : 1
}

/** Prints the message, the hint, and the code with the facts that support needs. */
export function printFailure(out: Out, error: unknown, verbose: boolean): void {
  const { message, hint, code, status, requestId, attempts } = failureDocument(error)
  const facts = [
    code,
    status !== undefined && `HTTP ${status}`,
    attempts !== undefined && attempts > 1 && `${attempts} attempts`,
    requestId !== undefined && `request ${requestId}`,
  ]
  const field = (name: string, text: string, paint: (text: string) => string = (text) => text): void =>
    out.line(wrap(`${out.style('dim', name.padEnd(5))} `, text, out.columns(), paint))
  out.line(wrap(`${out.style('red', '✖')} `, message, out.columns()))
  if (hint !== undefined) field('  hint', hint)
  field('  code', facts.filter(Boolean).join(' · '))
  if (verbose && error instanceof Error) out.line(printable(withCauses(error)))
}

function withCauses(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${withCauses(error.cause)}` : ''
  return `${error.stack ?? error.message}${cause}`
}

/** Adds the state of the evaluator to an interrupted upload, if core has not done so. */
export function sayState(error: unknown, id: string, step: string | undefined): unknown {
  if (!(error instanceof EvaluatorUploadError) || error.code !== 'FW_ABORTED' || error.hint) return error
  const hint =
    step === 'build'
      ? `Evaluator ${id} is BUILDING and the build goes on at the service. Follow it: fw-evaluator logs ${id} --follow`
      : `Nothing was changed at the service: evaluator ${id} is as it was.`
  return new EvaluatorUploadError(error.code, error.message, { hint })
}
