import type { GatewayOptions, Logger } from '@fw/evaluator-core'
import type { Out } from './terminal/out.ts'

/** Flags of every command. */
// A type, because an interface does not fit the parser's record of options.
export type CommonOptions = {
  json?: true | undefined
  verbose?: true | undefined
  accountId?: string | undefined
  baseUrl?: string | undefined
}

/** The context of a running command. */
export interface Context {
  readonly command: string
  readonly json: boolean
  readonly verbose: boolean
  /** Aborted by Ctrl-C, and when the reader of stdout closes it, if the command only prints. */
  readonly signal: AbortSignal
  /** The result goes here. */
  readonly out: Out
  /** Progress, warnings and errors go here. */
  readonly err: Out
  /** Options for every call of core that uses the service. */
  readonly gateway: Pick<GatewayOptions, 'accountId' | 'baseUrl'> & {
    readonly signal: AbortSignal
    readonly logger: Logger
  }
}

/** The result of a command. */
export interface Done {
  /** The `result` of the JSON document; output.schema.json describes it by command. */
  result: unknown
  /** The same for people; missing if the command has printed it already. */
  text?: (() => string) | undefined
  /** Exit code 1 in spite of a result: some of many failed. */
  failed?: boolean | undefined
  /** It ran until a signal, and has printed its document itself. */
  hasServed?: boolean | undefined
}

/** Runs a command, and prints its result or failure. */
export type Start = (
  command: string,
  options: CommonOptions,
  run: (context: Context) => Promise<Done>,
) => Promise<void>
