/**
 * Tests the newest versions of everything, before users install them. It copies the workspace, installs the newest
 * versions in its ranges, and the newest bundlers in any range, runs tests with them, and prints what is newer than
 * recorded and whether it works. It changes nothing in the workspace, and does not affect `pnpm test`.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** Bundlers by their packages, with the first word of their lane in tests/bundlers. */
const BUNDLERS: Readonly<Record<string, string>> = {
  vite: 'vite',
  rolldown: 'rolldown',
  rollup: 'rollup',
  esbuild: 'esbuild',
  webpack: 'webpack',
  '@rspack/core': 'rspack',
  '@farmfe/core': 'farm',
  bun: 'bun',
}
/** Packages that belong to a bundler, or run one. */
const COMPANIONS = ['webpack-cli', 'tsup', 'deno']
/** The packages with tests of other packages' versions. */
const SUITES = {
  '@fw/tests': 'tests',
  '@fw-tests/lanes': 'tests/lanes',
  '@fw-tests/publish': 'tests/publish',
}

interface Report {
  testResults: {
    assertionResults: {
      fullName: string
      status: string
      failureMessages: string[]
      meta: { measured?: { lane: string; version: string } }
    }[]
  }[]
}
type Cell = Report['testResults'][number]['assertionResults'][number]

const root = fileURLToPath(new URL('..', import.meta.url))
const copy = mkdtempSync(join(realpathSync(tmpdir()), 'fw-canary-'))
const printed: string[] = []

function run(...args: string[]): boolean {
  const env = {
    ...process.env,
    FW_REGISTRY_BEFORE: 'newest',
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  }
  const isWindows = process.platform === 'win32'
  return spawnSync('pnpm', args, { cwd: copy, env, stdio: 'inherit', shell: isWindows }).status === 0
}

function say(text: string): void {
  console.log(text)
  printed.push(text)
}

/** Newer versions that are not tested: majors beyond our ranges, and tools that the catalog pins. */
function beyond(tried: ReadonlyMap<string, string>): string {
  const asked = ['outdated', '--recursive', '--format=json']
  const { stdout } = spawnSync('pnpm', asked, {
    cwd: copy,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const outdated: Record<string, { latest: string }> = JSON.parse(stdout || '{}')
  return Object.entries(outdated)
    .filter(([name, { latest }]) => tried.get(name) !== latest)
    .map(([name, { latest }]) => `${name} ${latest}`)
    .join(', ')
}

/** Versions by `catalog package`, from a lockfile. */
function versionsIn(folder: string): Map<string, string> {
  const lockfile: { catalogs: Record<string, Record<string, { version: string }>> } = parse(
    readFileSync(join(folder, 'pnpm-lock.yaml'), 'utf8'),
  )
  const entries = Object.values(lockfile.catalogs).flatMap((catalog) => Object.entries(catalog))
  return new Map(entries.map(([name, { version }]) => [name, version]))
}

function cellsOf(folder: string): Cell[] {
  const file = join(copy, folder, '.reports/vitest.json')
  if (!existsSync(file)) return []
  const report: Report = JSON.parse(readFileSync(file, 'utf8'))
  return report.testResults.flatMap(({ assertionResults }) => assertionResults)
}

function counted(cells: readonly Cell[]): string {
  const ran = cells.filter(({ status }) => status === 'passed' || status === 'failed')
  return `${ran.filter(({ status }) => status === 'passed').length} of ${ran.length} passed`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
  return `\n${lines.join('\n')}\n`
}

try {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 } as const
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], options).split('\0')
  for (const file of files.filter((one) => one && existsSync(join(root, one))))
    cpSync(join(root, file), join(copy, file))

  const update = ['update', '--recursive', '--no-frozen-lockfile', '--config.minimum-release-age=0']
  const isInstalled = run(...update) && run(...update, '--latest', ...Object.keys(BUNDLERS), ...COMPANIONS)
  const recorded = versionsIn(root)
  const tried = versionsIn(copy)
  const newest = [...tried].filter(([name, version]) => recorded.get(name) !== version)
  const filters = Object.keys(SUITES).map((name) => `--filter=${name}`)
  const isGood =
    isInstalled && run('exec', 'turbo', 'run', 'test', ...filters, '--continue', '--output-logs=errors-only')

  const suites = Object.values(SUITES).map((folder) => ({ folder, cells: cellsOf(folder) }))
  const all = suites.flatMap(({ cells }) => cells)
  const rows = newest.map(([name, version]) => {
    const own = all.filter(({ meta: { measured } }) => {
      const isItsLane = measured && BUNDLERS[name] === measured.lane.split(' ')[0]
      return isItsLane && measured.version === version
    })
    return [name, recorded.get(name) ?? 'none', version, own.length > 0 ? counted(own) : '']
  })
  say(`\n## Newer than recorded: ${newest.length}`)
  if (rows.length > 0) say(table(['package', 'recorded', 'newest', 'its own cells'], rows))
  say('## With all of it')
  if (isInstalled)
    say(
      table(
        ['suite', 'cells'],
        suites.map(({ folder, cells }) => [folder, counted(cells)]),
      ),
    )
  else say('\nIt could not be installed together: see above.\n')
  const { held }: { held: { package: string; versions: string; why: string }[] } = JSON.parse(
    readFileSync(join(root, 'registry.json'), 'utf8'),
  )
  for (const { package: name, versions, why } of held)
    say(`- ${name} ${versions} is held back from the registry of \`pnpm test\`, not from this run: ${why}`)
  say(`- not tried: ${beyond(tried)}`)
  for (const { fullName, failureMessages } of all.filter(({ status }) => status === 'failed'))
    say(`- ✗ ${fullName}: ${failureMessages[0]?.split('\n')[0] ?? ''}`)
  process.exitCode = isGood ? 0 : 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}

const summary = process.env.GITHUB_STEP_SUMMARY
if (summary) appendFileSync(summary, printed.join('\n'))
