/** Colours that differ for colour-blind people too (Okabe and Ito), on light and dark ground. */
const COLOURS: readonly string[] = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#888888',
]

export function colour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? '#888888'
}

export function text(
  x: number,
  y: number,
  content: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escapeXml(content)}</text>`
}

export function line(x1: number, y1: number, x2: number, y2: number, stroke = '#8888'): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${stroke}"/>`
}

/** @param title what a screen reader says of the picture */
export function svg(title: string, width: number, height: number, parts: readonly string[]): string {
  // Readers of a README have light or dark ground; the picture follows neither, so that it brings its own.
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Three digits that count. */
export function short(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}

function escapeXml(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
