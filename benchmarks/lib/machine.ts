import { execFile } from 'node:child_process'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { promisify } from 'node:util'
import type { NodeVersion, Tools } from './tools.ts'

const run = promisify(execFile)

/** What a number can't be read without. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly system: string
  /** Versions of all that takes part. `missing` where something is not installed. */
  readonly versions: Readonly<Record<string, string>>
  readonly commit: string
  readonly date: string
}

export async function describeMachine(nodes: readonly NodeVersion[], tools: Tools): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split('.').slice(0, 2).join('.')}`,
    versions: {
      ...Object.fromEntries(nodes.map(({ label, version }) => [label, version])),
      ...Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, tool?.version ?? 'missing'])),
    },
    commit: await commit(),
    date: new Date().toISOString(),
  }
}

async function commit(): Promise<string> {
  try {
    const { stdout: head } = await run('git', ['rev-parse', '--short', 'HEAD'])
    const { stdout: changed } = await run('git', ['status', '--porcelain', '--untracked-files=no'])
    return `${head.trim()}${changed ? ' with changes' : ''}`
  } catch {
    return 'unknown'
  }
}
