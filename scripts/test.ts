/**
 * Runs every check and every test of the workspace, then prints the totals that the runner reported. A CI reads the
 * last line. The exit code is not 0 if anything failed, or if no test ran.
 */
import { spawn } from 'node:child_process'
import { glob, readFile, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checks } from './checks.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Report {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  numFailedTestSuites: number
}

async function run(command: string, ...args: string[]): Promise<boolean> {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' }
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    env,
    shell: process.platform === 'win32',
  })
  return new Promise((resolve) => {
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })
}

const reports = '{packages/*,examples/*,tests,tests/*,openapi,pages,benchmarks}/.reports/vitest.json'

// Reports of an earlier run would be counted as of this one. A cached task restores its own report.
for await (const stale of glob(reports, { cwd: root })) await rm(`${root}/${stale}`)

// Half the cores: the tasks are parallel themselves, and some measure times.
const concurrency = Math.max(2, Math.floor(availableParallelism() / 2))
const good = await run(
  'turbo',
  'run',
  ...checks,
  '--continue=dependencies-successful',
  `--concurrency=${concurrency}`,
)

const sum = { passed: 0, failed: 0, skipped: 0 }
const rows: string[] = []
for await (const file of glob(reports, { cwd: root })) {
  const report: Report = JSON.parse(await readFile(`${root}/${file}`, 'utf8'))
  const skipped = report.numPendingTests + report.numTodoTests
  // A test file that fails to load has no tests to count, but is a failure.
  const failed = Math.max(report.numFailedTests, report.numFailedTestSuites > 0 ? 1 : 0)
  sum.passed += report.numPassedTests
  sum.failed += failed
  sum.skipped += skipped
  const name = relative('.', file).split('/.reports')[0] ?? file
  rows.push(`${name.padEnd(28)} ${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped`)
}

console.log(`\n${rows.sort().join('\n')}\n`)
if (!good && sum.failed === 0) console.log('A check above failed, though no test did.')
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
process.exitCode = good && sum.failed === 0 && sum.passed > 0 ? 0 : 1
