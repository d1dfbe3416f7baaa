import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import type { CommonOptions } from './context.ts'
import type { Start } from './main.ts'

export type { CommandUnknownOpts } from '@commander-js/extra-typings'

/** One command's flags and what they start; what it does is loaded when it is called. */
export type Define = (start: Start) => CommandUnknownOpts

/** A command with an example in its help. */
export function command(name: string, summary: string, examples: string[]): Command<[], CommonOptions> {
  return new Command(name)
    .description(summary)
    .option(
      '--account-id <id>',
      'account (default: FIREWORKS_ACCOUNT_ID, auth.ini, or the account of the key)',
    )
    .option('--base-url <url>', 'service (default: FIREWORKS_API_BASE, or https://api.fireworks.ai)')
    .option('--json', 'print one JSON document on stdout, and all else on stderr')
    .option('--verbose', 'print what is going on, and stacks of errors')
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ fw-evaluator ${line}\n`).join('')}`)
}

/** The same for commands that ask no service. */
export function localCommand(
  name: string,
  summary: string,
  examples: string[],
): Command<[], Pick<CommonOptions, 'json' | 'verbose'>> {
  return new Command(name)
    .description(summary)
    .option('--json', 'print one JSON document on stdout, and all else on stderr')
    .option('--verbose', 'print what is going on, and stacks of errors')
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  $ fw-evaluator ${line}\n`).join('')}`)
}
