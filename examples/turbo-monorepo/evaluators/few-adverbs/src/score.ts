/** Lower for each word that ends in -ly. */
export function score(answer: string): number {
  const words = answer.match(/\p{L}+/gu) ?? []
  if (words.length === 0) return 1
  return 1 - words.filter((word) => /ly$/i.test(word)).length / words.length
}
