/** A value in Python's syntax. A string in JSON is also a string in Python. */
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

/** Whether it is a plain object: a date, a map or an instance of a class is not JSON. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // A config may come from another realm, with another Object.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** A number as a float of Python, because eval-protocol ignores a threshold that is an int. */
export function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}
