/** A value as Python writes it. The texts of JSON are texts of Python too. */
export function pythonLiteral(value: unknown): string {
  if (value === undefined || value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`
  if (typeof value === 'object') {
    const items = Object.entries(value).filter(([, item]) => item !== undefined)
    return `{${items.map(([key, item]) => `${JSON.stringify(key)}: ${pythonLiteral(item)}`).join(', ')}}`
  }
  throw new TypeError(`Python has no way to write ${String(value)}`)
}

/** A number as a float of Python: eval-protocol ignores a threshold that is an int. */
export function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}
