/** 1 if every bracket is closed by its own kind, in order. */
export function score(answer: string): number {
  const open: string[] = []
  const pairs: Record<string, string> = { ')': '(', ']': '[', '}': '{' }
  for (const character of answer) {
    if ('([{'.includes(character)) open.push(character)
    else if (character in pairs && open.pop() !== pairs[character]) return 0
  }
  return open.length === 0 ? 1 : 0
}
