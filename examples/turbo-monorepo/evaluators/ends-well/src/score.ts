/** 1 where the last sentence ends. */
export function score(answer: string): number {
  return /[.!?…]["')\]]*\s*$/.test(answer) ? 1 : 0
}
