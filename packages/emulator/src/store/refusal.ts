/** The store refuses a request. `fields` are the elements of its XML error, Code and Message first. */
export class StoreRefusal extends Error {
  override readonly name = 'StoreRefusal'
  readonly status: number
  readonly fields: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    message: string,
    more: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${code}: ${more.Details ?? message}`)
    this.status = status
    this.fields = { Code: code, Message: message, ...more }
    this.headers = headers
  }
}

/** The XML of a store's error: `<Error>` with one element for each field, in the given order. */
export function errorXml(fields: Readonly<Record<string, string>>): string {
  const elements = Object.entries(fields).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
  return `<?xml version='1.0' encoding='UTF-8'?><Error>${elements.join('')}</Error>`
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
