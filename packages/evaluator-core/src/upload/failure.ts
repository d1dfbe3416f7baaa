import { EvaluatorUploadError } from '../errors.ts'

/** How far an upload came, and so in which state a failure leaves the evaluator. */
export type Reached = 'nothing' | 'preparing' | 'prepared' | 'stored' | 'validated'

const LEFT: Readonly<Record<Reached, (id: string) => string>> = {
  nothing: () => 'Nothing was changed at the service.',
  preparing: (id) =>
    `It is not known whether evaluator ${id} was created or changed. Run again: the upload checks that first.`,
  prepared: (id) => `Evaluator ${id} is BUILDING and waits for its archive; running again completes it.`,
  stored: (id) =>
    `Evaluator ${id} is BUILDING, its archive is stored and not validated; running again completes it.`,
  validated: () => '',
}

/** The same error with a hint that says what was left where. */
export function withStateHint(error: unknown, reached: Reached, evaluatorId: string): unknown {
  const left = LEFT[reached](evaluatorId)
  if (!(error instanceof EvaluatorUploadError) || left === '') return error
  const hint = [error.hint, left].filter(Boolean).join(' ')
  const { code, message, status, requestId, attempts, cause } = error
  return new EvaluatorUploadError(code, message, { status, requestId, attempts, hint, cause })
}
