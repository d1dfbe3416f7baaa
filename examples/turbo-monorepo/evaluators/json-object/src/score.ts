/** 1 for a JSON object without text around it. */
export function score(answer: string): number {
  try {
    const value: unknown = JSON.parse(answer)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? 1 : 0
  } catch {
    return 0
  }
}
