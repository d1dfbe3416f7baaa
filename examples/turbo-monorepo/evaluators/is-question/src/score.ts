/** 1 for a question. */
export function score(answer: string): number {
  return answer.trimEnd().endsWith('?') ? 1 : 0
}
