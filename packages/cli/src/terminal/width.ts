import { Help } from '@commander-js/extra-typings'
import { printable } from '@fw/evaluator-core'
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

/** The parser's own way of filling lines, told of wide characters. */
const help: Help = Object.assign(new Help(), { displayWidth: width, minWidthToWrap: 20 })

/**
 * `label` and then `text`, made harmless, filled to `columns` and with its further lines below its first. Without `columns`, as in a
 * pipe, only the text's own lines are indented.
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
