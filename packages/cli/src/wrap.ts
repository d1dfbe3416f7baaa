import { Help } from '@commander-js/extra-typings'
import { width } from './width.ts'

/** The parser's own way of filling lines, told of wide characters. */
const help: Help = Object.assign(new Help(), { displayWidth: width, minWidthToWrap: 20 })

/**
 * `label` and then `text`, filled to `columns` and with its further lines below its first. Without `columns`, as in a
 * pipe, only the text's own lines are indented.
 */
export function wrap(
  label: string,
  text: string,
  columns: number | undefined,
  paint: (text: string) => string = (text) => text,
): string {
  const indent = ' '.repeat(width(label))
  const filled = columns === undefined ? text : help.boxWrap(text, columns - indent.length)
  return label + filled.split('\n').map(paint).join(`\n${indent}`)
}
