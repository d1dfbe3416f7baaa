/** The share of ASCII characters. */
export function score(answer: string): number {
  const characters = [...answer]
  if (characters.length === 0) return 1
  return characters.filter((character) => character < '\u0080').length / characters.length
}
