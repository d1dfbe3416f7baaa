import type { GatewayOptions, Logger } from '@fw/evaluator-core'
import type { Out } from './terminal/out.ts'

/** What every command takes. */
// A type and not an interface: only so it fits the parser's record of options.
export type CommonOptions = {
  json?: true | undefined
  verbose?: true | undefined
  accountId?: string | undefined
  baseUrl?: string | undefined
}

/** What a command runs with. */
export interface Context {
  readonly command: string
  readonly json: boolean
  readonly verbose: boolean
  /** Aborted by Ctrl-C, and when a reader of stdout that the command works for goes away. */
  readonly signal: AbortSignal
  /** The result goes here. */
  readonly out: Out
  /** Progress, warnings and errors go here. */
  readonly err: Out
  /** For every call of core that speaks to the service. */
  readonly gateway: Pick<GatewayOptions, 'accountId' | 'baseUrl'> & {
    readonly signal: AbortSignal
    readonly logger: Logger
  }
}

/** What a command came to. */
export interface Done {
  /** The `result` of the JSON document; output.schema.json describes it by command. */
  result: unknown
  /** The same for people; nothing where the command has printed as it went. */
  text?: (() => string) | undefined
  /** Exit code 1, with a result all the same: some of many failed. */
  failed?: boolean | undefined
  /** It ran until a signal came, and has printed its document itself. */
  hasServed?: boolean | undefined
}

/** Runs what a command does, and brings its result or failure to the shell. */
export type Start = (
  command: string,
  options: CommonOptions,
  run: (context: Context) => Promise<Done>,
) => Promise<void>
