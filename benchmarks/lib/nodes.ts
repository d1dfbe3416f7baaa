import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

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
