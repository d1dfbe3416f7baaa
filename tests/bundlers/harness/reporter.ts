import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'
import type { Measured } from './matrix.ts'

const FILE = resolve(import.meta.dirname, '../../.reports/matrix.md')

interface Row extends Partial<Measured> {
  name: string
  passed: boolean
}

/** Prints the matrix as a table at the end of the run, and writes it to .reports/matrix.md. */
export default class MatrixReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lanes = new Map<string, Row[]>()
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { measured } = test.meta() as { measured?: Measured }
        if (!measured) continue
        const rows = lanes.get(measured.lane) ?? []
        rows.push({ ...measured, name: test.name, passed: test.result().state === 'passed' })
        lanes.set(measured.lane, rows)
      }
    }
    if (lanes.size === 0) return
    const text = [...lanes.keys()]
      .sort()
      .map((lane) => table(lane, lanes.get(lane) ?? []))
      .join('\n')
    mkdirSync(resolve(FILE, '..'), { recursive: true })
    writeFileSync(FILE, text)
    console.log(`\n${text}`)
  }
}

function table(lane: string, rows: readonly Row[]): string {
  const versions = [...new Set(rows.map((row) => row.version))].join(', ')
  const lines = rows.map(
    ({ name, passed, uploads, exitAfterMs }) =>
      `| ${passed ? '✓' : '✗'} | ${name} | ${uploads} | ${exitAfterMs === undefined ? '' : `${exitAfterMs} ms`} |`,
  )
  return [
    `### ${lane}: measured ${versions}`,
    '',
    '| | cell | uploads | exit after |',
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n')
}
