import { colour, line, round, short, svg, text } from './svg.ts'

export interface Panel {
  readonly title: string
  /** Points by the name of their line. */
  readonly lines: Readonly<Record<string, readonly (readonly [x: number, y: number])[]>>
}

const SIZE = 340
const MARGIN = { left: 60, right: 20, top: 46, bottom: 34 }
/** The last number below a panel is wider than its margin. */
const EDGE = 20

/** Panels two in a row, both axes logarithmic: what grows in proportion is a straight line at 45 degrees. */
export function lineCharts(panels: readonly Panel[]): string {
  const parts = panels.map((panel, index) => {
    const x = (index % 2) * SIZE
    const y = Math.floor(index / 2) * SIZE
    return `<g transform="translate(${x} ${y})">${chart(panel).join('\n')}</g>`
  })
  return svg(
    'How time and memory grow with bytes and files',
    2 * SIZE + EDGE,
    Math.ceil(panels.length / 2) * SIZE,
    parts,
  )
}

function chart({ title, lines }: Panel): string[] {
  const points = Object.values(lines).flat()
  const x = axis(
    points.map(([x]) => x),
    MARGIN.left,
    SIZE - MARGIN.right,
  )
  const y = axis(
    points.map(([, y]) => y),
    SIZE - MARGIN.bottom,
    MARGIN.top,
  )
  const parts = [text(MARGIN.left, 20, title)]
  for (const tick of x.ticks) {
    parts.push(line(x.at(tick), MARGIN.top, x.at(tick), SIZE - MARGIN.bottom, '#ddd'))
    parts.push(text(x.at(tick), SIZE - MARGIN.bottom + 16, short(tick), 'middle'))
  }
  for (const tick of y.ticks) {
    parts.push(line(MARGIN.left, y.at(tick), SIZE - MARGIN.right, y.at(tick), '#ddd'))
    parts.push(text(MARGIN.left - 6, y.at(tick) + 4, short(tick), 'end'))
  }
  Object.entries(lines).forEach(([name, points], index) => {
    const path = points.map(([px, py]) => `${round(x.at(px))},${round(y.at(py))}`).join(' ')
    parts.push(`<polyline points="${path}" fill="none" stroke="${colour(index)}" stroke-width="2"/>`)
    parts.push(`<g fill="${colour(index)}">${text(MARGIN.left + 6 + index * 90, MARGIN.top - 8, name)}</g>`)
  })
  return parts
}

/** A logarithmic axis from the power of ten below the least value to the one above the largest. */
function axis(
  values: readonly number[],
  from: number,
  to: number,
): { at(value: number): number; ticks: number[] } {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
  return {
    at: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
  }
}
