/** 1 if there is a closed code block. */
export function score(answer: string): number {
  return /^```[^\n]*\n[\s\S]*?^```$/m.test(answer) ? 1 : 0
}
