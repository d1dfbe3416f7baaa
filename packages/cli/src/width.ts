import getTruncatedWidth from 'fast-string-truncated-width'

/** Cells that a text takes on a terminal: two for a wide character, none for an escape sequence. */
export function width(text: string): number {
  return getTruncatedWidth(text).width
}

/** `text` in at most `cells`, with an ellipsis where something was cut off. */
export function truncate(text: string, cells: number): string {
  const { truncated, index } = getTruncatedWidth(text, { limit: Math.max(cells, 1), ellipsis: '…' })
  return truncated ? `${text.slice(0, index)}…` : text
}

export function padEnd(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - width(text)))
}

export function padStart(text: string, cells: number): string {
  return ' '.repeat(Math.max(0, cells - width(text))) + text
}
