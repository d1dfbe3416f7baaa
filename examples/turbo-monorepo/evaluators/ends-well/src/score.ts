/** 1 if the last sentence is complete. */
export function score(answer: string): number {
  return /[.!?…]["')\]]*\s*$/.test(answer) ? 1 : 0
}
