import { colour, line, round, short, svg, text } from './svg.ts'

const WIDTH = 760
const LABELS = 190
const BAR = 18

/** Horizontal bars in groups, with a line at `reference`. */
export function barChart(
  title: string,
  groups: Readonly<Record<string, Readonly<Record<string, number>>>>,
  reference: number,
): string {
  const names = [...new Set(Object.values(groups).flatMap((group) => Object.keys(group)))]
  const largest = Math.max(reference, ...Object.values(groups).flatMap((group) => Object.values(group)))
  const scale = (WIDTH - LABELS - 70) / largest
  const parts = [text(20, 26, title)]
  let y = 46
  const top = y
  for (const [group, bars] of Object.entries(groups)) {
    parts.push(text(20, y + 13, group))
    y += BAR + 4
    for (const [name, value] of Object.entries(bars)) {
      parts.push(text(LABELS - 8, y + 12, name, 'end'))
      parts.push(
        `<rect x="${LABELS}" y="${y}" width="${round(value * scale)}" height="${BAR - 4}" fill="${colour(names.indexOf(name))}"/>`,
      )
      parts.push(text(LABELS + value * scale + 6, y + 12, short(value)))
      y += BAR
    }
    y += 12
  }
  parts.push(line(LABELS + reference * scale, top, LABELS + reference * scale, y))
  return svg('Packing, beside tar with pigz', WIDTH, y + 12, parts)
}
