import { EvaluatorUploadError } from '@fw/evaluator-core'
import type { Out } from './out.ts'
import { UsageError } from './usage-error.ts'
import { wrap } from './width.ts'

/** An error as the JSON document has it. */
export interface FailureDocument {
  code: string
  message: string
  hint?: string
  status?: number
  requestId?: string
  attempts?: number
}

/** What of an error is for others to see. */
export function failureDocument(error: unknown): FailureDocument {
  if (error instanceof EvaluatorUploadError) {
    const { code, hint, status, requestId, attempts } = error
    const message = code === 'FW_ABORTED' ? 'Interrupted.' : error.message
    return {
      code,
      message,
      ...(hint !== undefined && { hint }),
      ...(status !== undefined && { status }),
      ...(requestId !== undefined && { requestId }),
      ...(attempts !== undefined && { attempts }),
    }
  }
  if (error instanceof UsageError) {
    const { code, message, hint } = error
    return { code, message, ...(hint !== undefined && { hint }) }
  }
  const message = error instanceof Error ? error.message : String(error)
  const hint = 'This is a fault of fw-evaluator itself; run again with --verbose, and report what it prints.'
  return { code: 'FW_INTERNAL', message, hint }
}

/** 2 where the call or the configuration is wrong, so that nothing was tried; else 1. */
export function failureExitCode(error: unknown): number {
  if (error instanceof UsageError) return 2
  return error instanceof EvaluatorUploadError && error.code === 'FW_CONFIG' ? 2 : 1
}

/** Prints what failed, the hint, and the code with what a support would ask for. */
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
  if (verbose && error instanceof Error) out.line(withCauses(error))
}

function withCauses(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${withCauses(error.cause)}` : ''
  return `${error.stack ?? error.message}${cause}`
}
