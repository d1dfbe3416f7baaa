/** The share of sentences that are not repeated. */
export function score(answer: string): number {
  const sentences = answer.split(/[.!?]+/).map((sentence) => sentence.trim())
  const said = sentences.filter((sentence) => sentence !== '')
  return said.length === 0 ? 1 : new Set(said).size / said.length
}
