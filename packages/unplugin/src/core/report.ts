import { styleText } from 'node:util'
import { printable, type Step, type UploadResult } from '@fw/evaluator-core'

const DONE: Record<UploadResult['outcome'], string> = {
  uploaded: 'uploaded',
  unchanged: 'unchanged, nothing was sent',
  'dry-run': 'would be uploaded (dry run)',
}
const STEPS: readonly Step[] = ['pack', 'prepare', 'endpoint', 'put', 'validate', 'build']

/** The line after these, if the upload includes earlier builds of this process. */
export function partsLine(parts: readonly string[]): string {
  return `  holds ${printable(parts.join(', '))}, of all builds in this process`
}

/** The lines after a build: three, and one more if files were left out. */
export function reportLines(result: UploadResult, colours: boolean): string[] {
  const { archive, timings } = result
  // Names of files, states and addresses are other people's texts: what a terminal obeys goes before our colours come.
  const style = (format: 'dim' | 'bold' | 'green') => (text: string) =>
    colours ? styleText(format, printable(text), { validateStream: false }) : printable(text)
  const [dim, bold, green] = [style('dim'), style('bold'), style('green')]
  const files = archive.entries.length
  const steps = STEPS.filter((step) => timings[step] > 0).map((step) => `${step} ${duration(timings[step])}`)
  const state = result.evaluator?.state ? `, ${result.evaluator.state}` : ''
  const leftOut = archive.leftOut.map((rule) => `${rule.count} by ${rule.rule}`)
  return [
    `${green('✓')} ${bold(result.name.split('/').at(-1) ?? result.name)} ${DONE[result.outcome]}${printable(state)}  ${dim(`${files} ${files === 1 ? 'file' : 'files'}, ${size(archive.size)}`)}`,
    ...(leftOut.length > 0 ? [dim(`  left out  ${leftOut.join(', ')}`)] : []),
    ...(steps.length > 0 ? [dim(`  ${steps.join('  ')}`)] : []),
    ...(result.outcome === 'dry-run'
      ? archive.entries.map((entry) => dim(`  ${entry.path}  ${size(entry.size)}`))
      : [`  ${printable(result.dashboardUrl)}`]),
  ]
}

/** A size as in Vite: decimal kilobytes with two places. */
function size(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(2)} kB` : `${(bytes / 1_000_000).toFixed(2)} MB`
}

function duration(ms: number): string {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))}ms` : `${(ms / 1000).toFixed(2)}s`
}
