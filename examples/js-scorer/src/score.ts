import type { EvaluationRow } from '@fw/evaluator-scorer'

/** Compares the last message of a row with its ground truth. */
export default function score({ messages, groundTruth }: EvaluationRow): number {
  return shareOfFields(String(messages.at(-1)?.content ?? ''), String(groundTruth))
}

/**
 * The share of the fields of `expected` that the answer has with an equal value. Both are JSON objects as text. Text
 * around the object in the answer is ignored.
 */
function shareOfFields(answer: string, expected: string): number {
  const wanted = Object.entries(parseObject(expected))
  if (wanted.length === 0) return 1
  const given = parseObject(answer)
  const right = wanted.filter(([key, value]) => isSame(given[key], value))
  return right.length / wanted.length
}

function parseObject(text: string): Record<string, unknown> {
  const from = text.indexOf('{')
  const to = text.lastIndexOf('}')
  try {
    return JSON.parse(text.slice(from, to + 1))
  } catch {
    return {}
  }
}

/** Models write 3 for "3", and "Paris " for "paris". Both count as right. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b))
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  return typeof value === 'object' && value !== null ? value : String(value).trim().toLowerCase()
}
