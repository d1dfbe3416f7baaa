import { Argument, Command } from '@commander-js/extra-typings'
import type { CommandUnknownOpts } from '../command.ts'

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const

/** Prints a script for a shell; that script calls `fw-evaluator complete -- <words>` with every Tab (see main.ts). */
export function complete(): CommandUnknownOpts {
  return new Command('complete')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'whose').choices(SHELLS))
    .addHelpText(
      'after',
      '\nExamples:\n  $ source <(fw-evaluator complete bash)\n  $ fw-evaluator complete fish | source\n',
    )
    .action(async (shell) => (await import('../completion.ts')).printScript(shell))
}
