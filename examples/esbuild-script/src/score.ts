import type { EvaluationRow } from '@fw/evaluator-scorer'

/** 1 for an answer of at least ten characters, less for a shorter one. */
export default function score(row: EvaluationRow): number {
  const answer = String(row.messages.at(-1)?.content ?? '')
  return Math.min(1, answer.length / 10)
}
