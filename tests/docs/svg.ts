import { COLUMNS, type Piece } from './terminal.ts'

const FONT_PX = 14
/** The width of one column. `textLength` makes every font fit it. */
const COLUMN_PX = 8.4
const LINE_PX = 20
const MARGIN_PX = 16
const BAR_PX = 32

/** The 16 colours of a terminal, each with a contrast of at least 4.5 to the background. */
const PALETTE = (
  '#8b949e #ff8b82 #56d364 #e3b341 #79c0ff #d2a8ff #6fdce8 #d0d7de ' +
  '#8b949e #ffa198 #7ee787 #f2cc60 #a5d6ff #e2c5ff #9aeaf3 #ffffff'
).split(' ')
const BACKGROUND = '#161b22'
const FOREGROUND = '#e6edf3'

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Draws a terminal, with its own background, so that it is readable on light and dark pages. */
export function drawTerminal(lines: readonly Piece[][], title: string): string {
  const width = Math.ceil(COLUMNS * COLUMN_PX) + 2 * MARGIN_PX
  const height = BAR_PX + lines.length * LINE_PX + 2 * MARGIN_PX
  const label = `A terminal after ${title}: ${textOf(lines).trim().replace(/\s+/g, ' ')}`
  const rows = lines.map((line, row) => drawLine(line, BAR_PX + MARGIN_PX + row * LINE_PX + FONT_PX))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(label)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT_PX}" fill="${FOREGROUND}">`,
    `<text x="${MARGIN_PX}" y="22" fill="${PALETTE[0]}">$ ${escaped(title)}</text>`,
    ...rows.filter((row) => row !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function drawLine(line: readonly Piece[], y: number): string {
  let column = 0
  return line
    .map(({ text, colour, isBold, isDim }) => {
      const words = text.trim().replaceAll(' ', '\u00a0')
      const x = MARGIN_PX + (column + text.length - text.trimStart().length) * COLUMN_PX
      column += [...text].length
      if (words === '') return ''
      const style = [
        colour !== undefined && ` fill="${PALETTE[colour]}"`,
        isBold && ' font-weight="bold"',
        isDim && ' fill-opacity="0.7"',
      ]
      const length = ([...words].length * COLUMN_PX).toFixed(1)
      return `<text x="${x.toFixed(1)}" y="${y}" textLength="${length}"${style.filter(Boolean).join('')}>${escaped(words)}</text>`
    })
    .join('')
}

/** The text of the lines. */
function textOf(lines: readonly Piece[][]): string {
  return lines.map((line) => line.map(({ text }) => text).join('')).join('\n')
}
