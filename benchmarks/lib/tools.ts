import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Tool {
  readonly path: string
  readonly version: string
}

/** What a user would use instead of us; `undefined` where it is not installed. */
export type Tools = Readonly<Record<'tar' | 'gzip' | 'pigz' | 'python' | 'curl', Tool | undefined>>

export async function findTools(): Promise<Tools> {
  const [tar, gzip, pigz, python, curl] = await Promise.all([
    find('tar', '--version'),
    find('gzip', '--version'),
    find('pigz', '--version'),
    findPython(),
    find('curl', '--version'),
  ])
  return { tar, gzip, pigz, python, curl }
}

/** Names of what is not installed. */
export function missing(tools: Tools): string[] {
  return Object.entries(tools).flatMap(([name, tool]) => (tool ? [] : [name]))
}

async function find(name: string, flag: string): Promise<Tool | undefined> {
  try {
    const { stdout, stderr } = await run(name, [flag])
    // Of curl without the two dozen libraries that it names.
    return { path: name, version: `${stdout}${stderr}`.split(/\n| libcurl/)[0]?.trim() ?? '' }
  } catch {
    return undefined
  }
}

/** The interpreter itself: what stands in PATH is often a script that looks for it, at a tenth of a second a call. */
async function findPython(): Promise<Tool | undefined> {
  try {
    const code = 'import sys; print(sys.executable); print(sys.version.split()[0])'
    const { stdout } = await run('python3', ['-c', code])
    const [path = '', version = ''] = stdout.split('\n')
    return { path, version: `Python ${version}` }
  } catch {
    return undefined
  }
}
