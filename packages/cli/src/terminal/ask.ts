import { createInterface } from 'node:readline/promises'
import { EvaluatorUploadError } from '@fw/evaluator-core'
import type { Out } from './out.ts'

/** The parts of the context that decide whether a question is possible. */
interface Asking {
  readonly json: boolean
  readonly err: Out
  readonly signal: AbortSignal
}

/** Whether there is somebody to ask. */
export function canAsk({ json, err }: Pick<Asking, 'json' | 'err'>): boolean {
  return !json && process.stdin.isTTY === true && err.isTerminal
}

/** Reads one line from the terminal. @throws EvaluatorUploadError FW_ABORTED on Ctrl-C and Ctrl-D */
export async function ask({ signal }: Pick<Asking, 'signal'>, question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  // On a terminal, readline handles Ctrl-C itself.
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

/** Only `y` and `yes` count as a yes. */
export async function confirm(context: Asking, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await ask(context, `${question} [y/N] `))
}
