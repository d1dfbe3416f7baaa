import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const environment = join(import.meta.dirname, '.venv')

/** The install downloads half a gigabyte, mostly dependencies of eval-protocol. */
const INSTALL_MS = 480_000

/**
 * The Python of a virtual environment with everything in a requirements.txt, or the reason if there is none. All tests
 * share one environment, with exactly the versions in requirements.txt next to this file. The first test installs it.
 *
 * @throws if a download has another digest than the recorded one, or does not fulfil the requirements
 */
export async function pythonWith(requirements: string): Promise<{ python: string } | { missing: string }> {
  try {
    await run('python3', ['-c', 'import sys, fcntl; assert sys.version_info >= (3, 10), sys.version'])
  } catch (error) {
    return { missing: `no Python 3.10 or later on a POSIX system (${lastLine(error)})` }
  }
  try {
    await run('python3', [join(import.meta.dirname, 'install.py'), environment], { timeout: INSTALL_MS })
  } catch (error) {
    if (/hash/i.test(String(error))) throw error
    return { missing: `PyPI could not be reached, or has no wheels for this machine (${lastLine(error)})` }
  }
  const python = join(environment, 'bin', 'python')
  const asked = [
    'pip',
    'install',
    '--python',
    python,
    '--offline',
    '--dry-run',
    '--requirement',
    requirements,
  ]
  const { stderr } = await run(python, ['-m', 'uv', ...asked])
  if (!stderr.includes('Would make no changes'))
    throw new Error(`tests/python/requirements.in lacks something of ${requirements}:\n${stderr}`)
  return { python }
}

/** The end of a failed command's output, in which pip and uv name the reason and the package. */
function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  const lines = text.split('\n').map((line) => line.trim())
  return lines.findLast((line) => /^(error|×|[╰├]─▶|AssertionError)/i.test(line)) ?? lines.find(Boolean) ?? ''
}
