/** The part of the words that are different. */
export function score(answer: string): number {
  const words = answer.toLowerCase().match(/\p{L}+/gu) ?? []
  return words.length === 0 ? 0 : new Set(words).size / words.length
}
