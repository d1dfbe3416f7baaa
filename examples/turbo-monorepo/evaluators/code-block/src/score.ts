/** 1 where there is a block of code that is closed. */
export function score(answer: string): number {
  return /^```[^\n]*\n[\s\S]*?^```$/m.test(answer) ? 1 : 0
}
