/** 0 for an answer that leads elsewhere. */
export function score(answer: string): number {
  return /https?:\/\//i.test(answer) ? 0 : 1
}
