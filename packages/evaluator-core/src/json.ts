/** protobuf's own limit. What is nested deeper would overflow the stack of whoever prints or compares it later. */
const MAX_DEPTH = 100

/** `undefined` for whatever is not a JSON object, or is nested more than a hundred deep. */
export function parseRecord(text: string): Record<string, unknown> | undefined {
  if (isTooDeep(text)) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Counts brackets outside of strings, in one pass: a pattern for strings would go back and forth in a text of quotes. */
function isTooDeep(text: string): boolean {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length && depth <= MAX_DEPTH; at++) {
    const letter = text[at]
    if (isInString && letter === '\\') at += 1
    else if (letter === '"') isInString = !isInString
    else if (isInString) continue
    else if (letter === '{' || letter === '[') depth += 1
    else if (letter === '}' || letter === ']') depth -= 1
  }
  return depth > MAX_DEPTH
}
