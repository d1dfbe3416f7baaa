/** A value as Python writes it. The texts of JSON are texts of Python too. */
export function pythonLiteral(value: unknown): string {
  if (value === undefined || value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`
  if (isPlain(value)) {
    const items = Object.entries(value).filter(([, item]) => item !== undefined)
    return `{${items.map(([key, item]) => `${JSON.stringify(key)}: ${pythonLiteral(item)}`).join(', ')}}`
  }
  throw new TypeError(`Python has no way to write ${String(value)}`)
}

/** A date, a map or an instance of a class is no JSON, and would be written as something else. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // A config may be made in another realm, where Object is another one.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** A number as a float of Python: eval-protocol ignores a threshold that is an int. */
export function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}
