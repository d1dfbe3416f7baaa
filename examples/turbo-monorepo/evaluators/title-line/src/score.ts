/** 1 where the first line is a heading. */
export function score(answer: string): number {
  return /^#{1,6} \S/.test(answer) ? 1 : 0
}
