import type { SuiteResult } from './figure.ts'
import type { NodeVersion, Tools } from './tools.ts'

/** What every suite gets. */
export interface Context {
  /** Fewer rounds, smaller inputs. */
  readonly quick: boolean
  /** An empty folder that is removed after the run. */
  readonly dir: string
  /** The oldest first. */
  readonly nodes: readonly NodeVersion[]
  readonly tools: Tools
  /** Tells of what takes its time. */
  log(line: string): void
}

export type Suite = (context: Context) => Promise<SuiteResult>
