import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
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

export interface NodeVersion {
  /** `Node 20` */
  readonly label: string
  readonly path: string
  readonly version: string
}

/** The oldest Node that we support, where it is installed, and the one that runs this. */
export async function findNodes(): Promise<NodeVersion[]> {
  const oldest = fileURLToPath(new URL('../node_modules/node-20/bin/node', import.meta.url))
  const found = await Promise.all([oldest, process.execPath].map(describe))
  return found.filter((node) => node !== undefined)
}

async function describe(path: string): Promise<NodeVersion | undefined> {
  try {
    const { stdout } = await run(path, ['--version'])
    const version = stdout.trim()
    return { label: `Node ${version.slice(1).split('.')[0]}`, path, version }
  } catch {
    return undefined
  }
}
