import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'
import { type Figure, isMet, type SuiteResult } from './figure.ts'
import type { Machine } from './machine.ts'

const RESULTS = fileURLToPath(new URL('../results', import.meta.url))

const HEAD = ['', '', 'median', 'quartiles', 'goal', '']

/** A suite's figures as lines: value, quartiles, goal, and whether that was met. */
export function table(result: SuiteResult): string {
  const rows = cells(result)
  const widths = HEAD.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lines = [HEAD, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [...lines.map(colourVerdict), ...result.notes.map((note) => `note: ${note}`)].join('\n')
}

function cells({ figures }: SuiteResult): string[][] {
  return figures.map((figure) => [
    figure.subject,
    figure.what,
    show(figure, figure.value),
    figure.spread ? `${show(figure, figure.spread[0])} – ${show(figure, figure.spread[1])}` : '',
    figure.goal === undefined ? '' : `≤ ${show(figure, figure.goal)}`,
    verdict(figure),
  ])
}

/** Writes `<name>.json`, `<name>.md` for people, and a picture per plot beside them. */
export async function writeResults(
  name: string,
  machine: Machine,
  suites: Readonly<Record<string, SuiteResult>>,
): Promise<void> {
  await mkdir(RESULTS, { recursive: true })
  const plain = Object.entries(suites).map(([suite, { figures, notes }]) => [
    suite,
    { figures: figures.map(judged), notes },
  ])
  const content = { machine, suites: Object.fromEntries(plain) }
  await writeFile(`${RESULTS}/${name}.json`, `${JSON.stringify(content, null, 2)}\n`)
  await writeFile(`${RESULTS}/${name}.md`, page(name, machine, suites))
  for (const { plots = {} } of Object.values(suites)) {
    for (const [plot, svg] of Object.entries(plots)) await writeFile(`${RESULTS}/${name}-${plot}.svg`, svg)
  }
}

/** The tables of all suites, the goals beside, as Markdown. */
function page(name: string, machine: Machine, suites: Readonly<Record<string, SuiteResult>>): string {
  const row = (texts: readonly string[]) =>
    `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`
  const about = Object.entries(machine.versions).map(([tool, version]) => `${tool}: ${version}`)
  const parts = Object.entries(suites).map(([suite, result]) =>
    [
      `## ${suite}`,
      [row(HEAD), row(HEAD.map(() => '---')), ...cells(result).map(row)].join('\n'),
      ...result.notes,
      ...Object.keys(result.plots ?? {}).map((plot) => `![${suite}: ${plot}](${name}-${plot}.svg)`),
    ].join('\n\n'),
  )
  const where = `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}; commit ${machine.commit}, ${machine.date.slice(0, 10)}.`
  return `${['# One run of all', where, about.join('  \n'), ...parts].join('\n\n')}\n`
}

function judged(figure: Figure): Figure & { met?: boolean } {
  const met = isMet(figure)
  return met === undefined ? figure : { ...figure, met }
}

function verdict(figure: Figure): string {
  const met = isMet(figure)
  return met === undefined ? '' : met ? 'met' : 'missed'
}

function colourVerdict(row: string): string {
  if (row.endsWith(' missed')) return styleText('red', row)
  return row.endsWith(' met') ? row.replace(/met$/, styleText('green', 'met')) : row
}

function show({ unit }: Figure, value: number): string {
  if (unit === 'ratio') return value.toFixed(value < 1.1 ? 3 : 2)
  if (unit === 'count') return String(Math.round(value * 10) / 10)
  return `${value.toFixed(unit === 's' ? 2 : value < 100 ? 1 : 0)} ${unit}`
}
