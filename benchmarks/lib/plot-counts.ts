import { colour, line, round, short, svg, text } from './svg.ts'

export interface CountPanel {
  readonly title: string
  /** Values by the name of their line; one for each of `counts`. */
  readonly lines: Readonly<Record<string, readonly number[]>>
}

const SIZE = 340
const MARGIN = { left: 30, right: 30, top: 60, bottom: 40 }

/** Panels in a row over the same few counts, evenly spaced; heights are in proportion, from 0, and written beside. */
export function countCharts(counts: readonly number[], label: string, panels: readonly CountPanel[]): string {
  const parts = panels.map((panel, index) => {
    return `<g transform="translate(${index * SIZE} 0)">${chart(counts, label, panel).join('\n')}</g>`
  })
  return svg('Many evaluators over 1, 2, 4 and 8 processes', panels.length * SIZE, SIZE, parts)
}

function chart(counts: readonly number[], label: string, { title, lines }: CountPanel): string[] {
  const bottom = SIZE - MARGIN.bottom
  const largest = Math.max(...Object.values(lines).flat())
  const x = (index: number) =>
    MARGIN.left + ((SIZE - MARGIN.left - MARGIN.right) * (index + 0.5)) / counts.length
  const y = (value: number) => bottom - ((bottom - MARGIN.top) * value) / largest
  const parts = [text(MARGIN.left, 20, title), line(MARGIN.left, bottom, SIZE - MARGIN.right, bottom)]
  parts.push(text(SIZE / 2, SIZE - 8, label, 'middle'))
  counts.forEach((count, index) => {
    parts.push(text(x(index), bottom + 16, String(count), 'middle'))
  })
  const labels: string[] = []
  Object.entries(lines).forEach(([name, values], index) => {
    const points = values.map((value, at) => `${round(x(at))},${round(y(value))}`).join(' ')
    parts.push(`<polyline points="${points}" fill="none" stroke="${colour(index)}" stroke-width="2"/>`)
    const numbers = values.map((value, at) => text(x(at), y(value) - 6, short(value), 'middle'))
    numbers.push(text(MARGIN.left + index * 130, 40, name))
    labels.push(`<g fill="${colour(index)}">${numbers.join('')}</g>`)
  })
  // Above all lines, with a rim, so that none runs through a number.
  parts.push(`<g paint-order="stroke" stroke="#fff" stroke-width="4">${labels.join('')}</g>`)
  return parts
}
