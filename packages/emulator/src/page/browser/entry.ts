/** What the page reads of a request in the log. */
export interface RequestEntry {
  method: string
  path: string
  query: Record<string, string>
  headers: Record<string, string>
  body?: unknown
  problem?: string
}
