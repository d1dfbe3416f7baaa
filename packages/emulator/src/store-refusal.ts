/** The store says no. `fields` are the elements of its XML error, Code and Message first. */
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
