/**
 * Updates the recorded versions: the lockfile, the date of the tests' registry, and the versions and digests of
 * tests/python. `pnpm renew vite rolldown` also updates these packages beyond their ranges in the catalog.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Like pnpm's `minimumReleaseAge`: younger versions are not used. */
const MINIMUM_AGE_MS = 24 * 60 * 60 * 1000

const root = fileURLToPath(new URL('..', import.meta.url))
const names = process.argv.slice(2)
const before = new Date(Date.now() - MINIMUM_AGE_MS).toISOString()

function run(command: string, args: readonly string[], cwd = root): void {
  execFileSync(command, args, {
    cwd,
    stdio: 'inherit',
    shell: process.platform === 'win32' && command === 'pnpm',
  })
}

// Only the lockfile: the ranges that our packages require from users do not rise.
run('pnpm', ['update', '--recursive', '--no-save'])
if (names.length > 0) run('pnpm', ['update', '--recursive', '--latest', ...names])

const file = join(root, 'registry.json')
const { held }: { held: unknown } = JSON.parse(readFileSync(file, 'utf8'))
writeFileSync(file, `${JSON.stringify({ before, held }, null, 2)}\n`)

const python = join(root, 'tests/python')
const environment = mkdtempSync(join(tmpdir(), 'fw-renew-'))
try {
  run('python3', ['-m', 'venv', environment])
  const bin = join(environment, process.platform === 'win32' ? 'Scripts' : 'bin')
  run(join(bin, 'python'), [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--require-hashes',
    '-r',
    join(python, 'uv.txt'),
  ])
  const resolve = [
    'pip',
    'compile',
    '--quiet',
    '--upgrade',
    '--universal',
    '--generate-hashes',
    '--python-version=3.10',
  ]
  for (const list of ['uv', 'requirements']) {
    const output = `${list}.txt`
    const of = [
      `--exclude-newer=${before}`,
      '--custom-compile-command=pnpm renew',
      `${list}.in`,
      '-o',
      output,
    ]
    run(join(bin, 'uv'), [...resolve, ...of], python)
  }
} finally {
  rmSync(environment, { recursive: true, force: true })
}
