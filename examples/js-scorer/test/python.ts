import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Half a gigabyte comes, mostly what eval-protocol depends on. */
const INSTALL_MS = 480_000

/**
 * The Python of a virtual environment that has the example's requirements, or why there is none. Kept in `cache`
 * under the digest of the requirements, so that it is installed once.
 */
export async function pythonWith(
  requirements: string,
  cache: string,
): Promise<{ python: string } | { missing: string }> {
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16)
  const home = join(cache, `venv-${digest}`)
  const python = join(home, 'bin', 'python')
  if (await exists(join(home, 'installed'))) return { python }
  try {
    await run('python3', ['-c', 'import sys; assert sys.version_info >= (3, 10), sys.version'])
  } catch (error) {
    return { missing: `no Python 3.10 or later (${firstLine(error)})` }
  }
  try {
    await rm(home, { recursive: true, force: true })
    await run('python3', ['-m', 'venv', home])
    const pip = ['-m', 'pip', 'install', '--quiet', '--retries', '1', '--requirement', requirements]
    await run(python, pip, { timeout: INSTALL_MS, maxBuffer: 64 * 1024 * 1024 })
    await run(python, ['-c', `open(${JSON.stringify(join(home, 'installed.part'))}, 'w')`])
    await rename(join(home, 'installed.part'), join(home, 'installed'))
    return { python }
  } catch (error) {
    await rm(home, { recursive: true, force: true })
    return { missing: `PyPI could not be reached, or has no wheels for this machine (${firstLine(error)})` }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? ''
}
