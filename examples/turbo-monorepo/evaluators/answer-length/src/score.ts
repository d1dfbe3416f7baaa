/** 1 for an answer of 20 to 400 characters, less for longer and shorter ones. */
export function score(answer: string): number {
  if (answer.length < 20) return answer.length / 20
  return answer.length <= 400 ? 1 : 400 / answer.length
}
