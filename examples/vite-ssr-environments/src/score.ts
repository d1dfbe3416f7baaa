/** 1 for an answer of at least ten characters, less for a shorter one. */
export function score(answer: string): number {
  return Math.min(1, answer.length / 10)
}
