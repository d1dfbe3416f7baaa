import type { EvaluationRow } from '@fw/evaluator-scorer'

/** 1 for an answer of at least ten characters, less for a shorter one. */
export function lengthScore(answer: string): number {
  return Math.min(1, answer.length / 10)
}

export default function score(row: EvaluationRow): number {
  return lengthScore(String(row.messages.at(-1)?.content ?? ''))
}
