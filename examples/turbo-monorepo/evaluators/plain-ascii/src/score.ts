/** The part of the characters that are ASCII. */
export function score(answer: string): number {
  const characters = [...answer]
  if (characters.length === 0) return 1
  return characters.filter((character) => character < '\u0080').length / characters.length
}
