/** 1 where a number is named. */
export function score(answer: string): number {
  return /\d/.test(answer) ? 1 : 0
}
