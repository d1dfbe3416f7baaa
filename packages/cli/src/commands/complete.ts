import { RootCommand, script } from '@bomb.sh/tab'
import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { createGateway, isEvaluatorId } from '@fw/evaluator-core'

/** Prints the script that a shell's start-up file evaluates. */
export function printScript(shell: string): void {
  // Its constants are read-only, so a start-up file that is read twice must not set them again.
  if (shell === 'bash') process.stdout.write('if ! declare -F __fw_evaluator_complete > /dev/null; then\n')
  script(shell, 'fw-evaluator', 'fw-evaluator')
  if (shell === 'bash') process.stdout.write('fi\n')
}

/** Answers the script at every Tab: prints the words that may come next. */
export async function printCompletions(program: CommandUnknownOpts, words: readonly string[]): Promise<void> {
  const root = new RootCommand()
  const help = program.createHelp()
  const ids = await idsFor(program, words)
  for (const each of [program, ...help.visibleCommands(program)]) {
    const known = each === program ? root : root.command(each.name(), each.description())
    for (const argument of each.registeredArguments) {
      known.argument(argument.name(), offer(argument.name() === 'id' ? ids : argument.argChoices))
    }
    for (const option of help.visibleOptions(each)) {
      const name = option.long?.slice(2)
      if (name === undefined) continue
      const alias = option.short?.slice(1)
      // Without a handler it would be a flag without a value.
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

/** Nobody waits long after Tab. */
const IDS_MS = 1500
/** Nobody reads a longer list. */
const MAX_IDS = 200

/** The account's evaluators if the next word is an id; none if the service does not answer. */
async function idsFor(program: CommandUnknownOpts, words: readonly string[]): Promise<string[]> {
  const [name, ...rest] = words
  const command = program.commands.find((each) => each.name() === name)
  if (command?.registeredArguments[0]?.name() !== 'id' || rest.length !== 1 || rest[0]?.startsWith('-'))
    return []
  const gateway = createGateway({ signal: AbortSignal.timeout(IDS_MS), retry: { attempts: 1 } })
  const ids: string[] = []
  try {
    for await (const { name = '' } of gateway.listEvaluators({ pageSize: MAX_IDS })) {
      ids.push(name.replace(/^.*\//, ''))
      if (ids.length === MAX_IDS) break
    }
  } catch {
    // Without key or network there are no ids to offer.
  } finally {
    await gateway.close()
  }
  // The shell would interpret other characters.
  return ids.filter(isEvaluatorId)
}
