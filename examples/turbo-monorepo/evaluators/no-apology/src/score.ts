/** 0 for an apology. */
export function score(answer: string): number {
  return /\b(sorry|apologi[sz]e)\b/i.test(answer) ? 0 : 1
}
