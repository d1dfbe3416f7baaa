import { type InspectFlags, type Inspection, inspectPath } from '../archive/inspection.ts'
import type { Context, Done } from '../context.ts'
import { formatBytes, plural, printable } from '../terminal/format.ts'
import type { Out } from '../terminal/out.ts'
import { table } from '../terminal/table.ts'
import { UsageError } from '../terminal/usage-error.ts'
import { wrap } from '../terminal/width.ts'

/** As many as one reads; the JSON document has all. */
const SHOWN_PROBLEMS = 10
/** Paths of one rule that are shown to people; the JSON document has more. */
const SHOWN_PATHS = 5

export async function inspect(
  context: Context,
  [path = '.', other]: readonly (string | undefined)[],
  flags: InspectFlags & { html?: string | undefined },
): Promise<Done> {
  const { html } = flags
  if (html !== undefined) {
    const { writeReport } = await import('../html/write-report.ts')
    const paths = other === undefined ? [path] : [path, other]
    const inspections = await writeReport(context, paths, { ...flags, html })
    return {
      result: { html, inspections },
      text: () => `Wrote ${context.out.style('bold', printable(html))}: open it in a browser.`,
    }
  }
  if (other !== undefined) {
    throw new UsageError(
      'Two paths can only be compared with --html.',
      'fw-evaluator inspect before.tar.gz dist --html report.html',
    )
  }
  const inspection = await inspectPath(context.gateway, path, flags)
  return { result: inspection, text: () => describe(inspection, context.out) }
}

function describe(inspection: Inspection, out: Out): string {
  const { files, added, rawSize, packedSize, sha256, md5, leftOut, entryPoint, problems } = inspection
  const layout = [
    { title: 'size', align: 'right' },
    { title: 'file', shrinks: true },
  ] as const
  const rows = files.map(({ path, size }) => [
    formatBytes(size),
    added.includes(path) ? `${path} (not in the folder: an empty one is added)` : path,
  ])
  const dim = (text: string): string => out.style('dim', text)
  const lines = table(layout, rows, out.columns(), dim)
  const fact = (name: string, text: string): void => {
    lines.push(wrap(dim(name.padEnd(12)), text, out.columns()))
  }
  lines.push('')
  fact('files', `${plural(files.length, 'file')}, ${formatBytes(rawSize)}`)
  fact('archive', formatBytes(packedSize))
  fact('sha256', sha256)
  fact('md5', md5)
  if (entryPoint) fact('entry point', entryPoint)
  for (const { rule, count, paths } of leftOut) {
    const named = paths.slice(0, SHOWN_PATHS).map(printable).join(', ')
    fact('skipped', `${named}${count > SHOWN_PATHS ? `, … (${count} in all)` : ''} (${rule})`)
  }
  for (const problem of problems.slice(0, SHOWN_PROBLEMS)) {
    lines.push(wrap(`${out.style('yellow', '▲')} `, printable(problem), out.columns()))
  }
  if (problems.length > SHOWN_PROBLEMS) {
    lines.push(
      `${out.style('yellow', '▲')} and ${problems.length - SHOWN_PROBLEMS} more; --json has them all.`,
    )
  }
  return lines.join('\n')
}
