/** The share of letters in lower case. */
export function score(answer: string): number {
  const letters = answer.match(/\p{L}/gu) ?? []
  if (letters.length === 0) return 1
  return letters.filter((letter) => letter === letter.toLowerCase()).length / letters.length
}
