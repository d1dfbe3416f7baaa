/** 1 if there is a number. */
export function score(answer: string): number {
  return /\d/.test(answer) ? 1 : 0
}
