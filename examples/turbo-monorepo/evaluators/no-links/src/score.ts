/** 0 for an answer with links. */
export function score(answer: string): number {
  return /https?:\/\//i.test(answer) ? 0 : 1
}
