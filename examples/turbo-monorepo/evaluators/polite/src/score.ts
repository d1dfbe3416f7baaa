/** 1 where there is a please or a thank you. */
export function score(answer: string): number {
  return /\b(please|thank you|thanks)\b/i.test(answer) ? 1 : 0
}
