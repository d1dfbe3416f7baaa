import type { Fault } from '@fw/evaluator-emulator'

const tooMany = { kind: 'status', status: 429, headers: { 'retry-after': '1' } } as const

/**
 * The faults of the evaluators. Each evaluator has one fault, by its id, so that the order of processes does not
 * matter. The second attempt succeeds.
 */
const IN_TURN: readonly (Omit<Fault, 'evaluatorId'> | undefined)[] = [
  { step: 'create', do: tooMany },
  { step: 'put', do: { kind: 'reset' } },
  { step: 'put', do: { kind: 'reset-after' } },
  { step: 'put', do: { kind: 'reset-mid-body' } },
  { step: 'endpoint', do: tooMany },
  { step: 'create', do: { kind: 'reset-after' } },
  { step: 'validate', do: { kind: 'reset-after' } },
  { step: 'put', do: tooMany },
  undefined,
  { step: 'validate', do: tooMany },
]

/** The fault of the evaluator at `index`, if it has any. */
export function faultOf(index: number, evaluatorId: string): Fault | undefined {
  const fault = IN_TURN[index % IN_TURN.length]
  return fault && { ...fault, evaluatorId }
}
