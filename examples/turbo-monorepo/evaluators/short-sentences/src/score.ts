/** 1 where no sentence has more than 20 words. */
export function score(answer: string): number {
  const sentences = answer.split(/[.!?]+/)
  const longest = Math.max(...sentences.map((sentence) => sentence.trim().split(/\s+/).length))
  return Math.min(1, 20 / longest)
}
