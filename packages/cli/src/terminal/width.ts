import { Help } from '@commander-js/extra-typings'
import { printable } from '@fw/evaluator-core'
import getTruncatedWidth from 'fast-string-truncated-width'

/** The width of a text in cells: two for a wide character, none for an escape sequence. */
export function width(text: string): number {
  return getTruncatedWidth(text).width
}

/** Cuts `text` to `cells`, with an ellipsis. */
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

/** The parser's way to wrap lines, with the width of wide characters. */
const help: Help = Object.assign(new Help(), { displayWidth: width, minWidthToWrap: 20 })

/**
 * `label`, then `text`, made harmless and wrapped at `columns`, with all lines of the text aligned. Without `columns`,
 * as in a pipe, only the text's own lines are indented.
 */
export function wrap(
  label: string,
  text: string,
  columns: number | undefined,
  paint: (text: string) => string = (text) => text,
): string {
  const indent = ' '.repeat(width(label))
  const clean = printable(text)
  const filled = columns === undefined ? clean : help.boxWrap(clean, columns - indent.length)
  return label + filled.split('\n').map(paint).join(`\n${indent}`)
}
