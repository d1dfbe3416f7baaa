import { createInterface } from 'node:readline/promises'
import { EvaluatorUploadError } from '@fw/evaluator-core'
import type { Out } from './out.ts'

/** What of a command's context decides whether there is somebody to ask. */
interface Asking {
  readonly json: boolean
  readonly err: Out
  readonly signal: AbortSignal
}

/** Whether there is somebody to ask. */
export function canAsk({ json, err }: Pick<Asking, 'json' | 'err'>): boolean {
  return !json && process.stdin.isTTY === true && err.isTerminal
}

/** One line from the person at the terminal. @throws EvaluatorUploadError FW_ABORTED on Ctrl-C and Ctrl-D */
export async function ask({ signal }: Pick<Asking, 'signal'>, question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  // On a terminal readline takes Ctrl-C for itself.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const closed = new Promise<never>((_, reject) => {
    lines.once('close', () => reject(new EvaluatorUploadError('FW_ABORTED', 'Interrupted.')))
  })
  try {
    return (await Promise.race([lines.question(question, { signal }), closed])).trim()
  } catch (cause) {
    throw new EvaluatorUploadError('FW_ABORTED', 'Interrupted.', { hint: 'Nothing was changed.', cause })
  } finally {
    closed.catch(() => {})
    lines.close()
  }
}

/** Only a yes is one. */
export async function confirm(context: Asking, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(context, `${question} [y/N] `))
}
