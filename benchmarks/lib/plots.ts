import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'

/** Colours that differ for colour-blind people too (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#888888']
const PANEL = { width: 280, height: 250 }

/** Points by the name of their line. */
export interface Panel {
  readonly title: string
  readonly lines: Readonly<Record<string, readonly (readonly [x: number, y: number])[]>>
}

/** Horizontal bars in groups over one scale, with a line at `reference`. */
export function barChart(
  title: string,
  groups: Readonly<Record<string, Readonly<Record<string, number>>>>,
  reference: number,
): Promise<string> {
  const order = [...new Set(Object.values(groups).flatMap(Object.keys))]
  const y = { field: 'name', type: 'nominal', title: null, sort: order } as const
  const charts = Object.entries(groups).map(([group, bars]) => ({
    title: group,
    width: 2 * PANEL.width,
    height: { step: 18 },
    data: { values: Object.entries(bars).map(([name, value]) => ({ name, value })) },
    encoding: { x: { field: 'value', type: 'quantitative', title: null } as const },
    layer: [
      {
        mark: 'bar' as const,
        encoding: { y, color: { field: 'name', legend: null, scale: { domain: order } } as const },
      },
      { mark: { type: 'text', align: 'left', dx: 4 } as const, encoding: { y, text: digits('value') } },
      { mark: 'rule' as const, encoding: { x: { datum: reference } } },
    ],
  }))
  return svg({ title, resolve: { scale: { x: 'shared' } }, vconcat: charts })
}

/** Panels two in a row, both axes logarithmic: what grows in proportion is a straight line. */
export function growthCharts(panels: readonly Panel[]): Promise<string> {
  const axis = {
    type: 'quantitative',
    title: null,
    scale: { type: 'log' },
    axis: { format: ',~g', tickCount: 5 },
  } as const
  const charts = panels.map((panel) => ({
    ...named(panel),
    mark: { type: 'line', point: true } as const,
    encoding: {
      x: { field: 'x', ...axis },
      y: { field: 'y', ...axis },
      color: { field: 'line', title: null },
    },
  }))
  return svg({ columns: 2, concat: charts })
}

/** Panels in a row over the same few counts, evenly spaced; heights are in proportion, from 0, and written beside. */
export function countCharts(label: string, panels: readonly Panel[]): Promise<string> {
  const charts = panels.map((panel) => ({
    ...named(panel),
    encoding: {
      x: { field: 'x', type: 'ordinal', title: label, axis: { labelAngle: 0 } } as const,
      y: { field: 'y', type: 'quantitative', title: null } as const,
      color: { field: 'line', title: null, legend: { orient: 'bottom' } } as const,
    },
    layer: [
      { mark: { type: 'line', point: true } as const },
      { mark: { type: 'text', dy: -10 } as const, encoding: { text: digits('y') } },
    ],
  }))
  return svg({ hconcat: charts })
}

function named({ title, lines }: Panel) {
  const values = Object.entries(lines).flatMap(([line, points]) => points.map(([x, y]) => ({ line, x, y })))
  return { ...PANEL, title, data: { values } }
}

/** Three that count. */
function digits(field: string) {
  return { field, type: 'quantitative', format: '.3~r' } as const
}

/** No browser is needed. Readers of a README have light or dark ground: the picture brings its own. */
async function svg(spec: TopLevelSpec): Promise<string> {
  const config = {
    background: '#fff',
    padding: 12,
    title: { anchor: 'start' as const },
    range: { category: COLOURS },
  }
  const view = new View(parse(compile({ ...spec, config }).spec), { renderer: 'none' })
  return `${await view.toSVG()}\n`
}
