import { RootCommand, script } from '@bomb.sh/tab'
import type { CommandUnknownOpts } from '@commander-js/extra-typings'

/** Prints the script that a shell's start-up file evaluates. */
export function printScript(shell: string): void {
  script(shell, 'fw-evaluator', 'fw-evaluator')
}

/** Answers what that script asks with every Tab: the words that may come next, as the flags are defined. */
export function printCompletions(program: CommandUnknownOpts, words: readonly string[]): void {
  const root = new RootCommand()
  const help = program.createHelp()
  for (const each of [program, ...help.visibleCommands(program)]) {
    const known = each === program ? root : root.command(each.name(), each.description())
    for (const argument of each.registeredArguments) {
      known.argument(argument.name(), offer(argument.argChoices))
    }
    for (const option of help.visibleOptions(each)) {
      const name = option.long?.slice(2)
      if (name === undefined) continue
      const alias = option.short?.slice(1)
      // Without a handler it would be taken for a flag without a value.
      if (!option.required) known.option(name, option.description, alias)
      else known.option(name, option.description, offer(option.argChoices), alias)
    }
  }
  root.parse([...words])
}

function offer(choices: readonly string[] = []): (say: (value: string, description: string) => void) => void {
  return (say) => {
    for (const choice of choices) say(choice, '')
  }
}
