/** The share of lines that are list items. */
export function score(answer: string): number {
  const lines = answer.split('\n').filter((line) => line.trim() !== '')
  if (lines.length === 0) return 0
  return lines.filter((line) => /^\s*([-*]|\d+\.)\s/.test(line)).length / lines.length
}
