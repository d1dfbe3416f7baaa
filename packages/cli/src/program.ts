import { Command, type CommandUnknownOpts, Help } from '@commander-js/extra-typings'
import type { Define } from './command.ts'
import { complete } from './commands/complete.ts'
import { remove } from './commands/delete.ts'
import { diff } from './commands/diff.ts'
import { doctor } from './commands/doctor.ts'
import { emulator } from './commands/emulator.ts'
import { init } from './commands/init.ts'
import { inspect } from './commands/inspect.ts'
import { list } from './commands/list.ts'
import { logs } from './commands/logs.ts'
import { pack } from './commands/pack.ts'
import { pull } from './commands/pull.ts'
import { status } from './commands/status.ts'
import { upload } from './commands/upload.ts'
import type { Start } from './main.ts'
import type { Out } from './out.ts'
import { VERSION } from './version.ts'
import { width } from './width.ts'
import { wrap } from './wrap.ts'

interface Surroundings {
  out: Out
  err: Out
  /** What is wrong with the call is not printed by the parser: it goes into the JSON document. */
  quiet: boolean
}

const COMMANDS: readonly Define[] = [
  init,
  upload,
  pack,
  inspect,
  status,
  logs,
  list,
  remove,
  pull,
  diff,
  doctor,
  emulator,
]

/** What every command takes stands below what only this one does. */
const COMMON: ReadonlySet<string> = new Set(['--account-id', '--base-url', '--json', '--verbose', '--help'])

/** On a narrower terminal what a flag means stands below it. */
const TWO_COLUMNS_CELLS = 70

/** All commands with their flags; what they do is loaded when they are called. */
export function createProgram(start: Start, { out, err, quiet }: Surroundings): CommandUnknownOpts {
  const program = new Command('fw-evaluator')
    .description('Upload, inspect and follow evaluators on Fireworks AI.')
    .version(VERSION, '-v, --version', 'print the version')
    .helpCommand('help [command]', 'show the flags of a command')
  for (const define of COMMANDS) program.addCommand(define(start))
  program.addCommand(complete())
  for (const each of [program, ...program.commands]) {
    each
      .exitOverride()
      .showHelpAfterError(
        `Run fw-evaluator ${each === program ? '' : `${each.name()} `}--help for what there is.`,
      )
      .helpOption('-h, --help', 'show this')
      .configureOutput({
        writeOut: out.write,
        writeErr: quiet ? () => {} : err.write,
        getOutHelpWidth: () => out.columns() ?? 80,
        getErrHelpWidth: () => err.columns() ?? 80,
        outputError: (text, write) => write(`${err.style('red', '✖')} ${text.replace(/^error: /, '')}`),
      })
      .configureHelp({
        displayWidth: width,
        formatItem(term, termWidth, description, helper) {
          const { helpWidth = 80 } = helper
          const isNarrow = helpWidth < TWO_COLUMNS_CELLS && description !== ''
          if (!isNarrow) return Help.prototype.formatItem.call(helper, term, termWidth, description, helper)
          return `  ${term}\n${wrap('      ', description, helpWidth)}`
        },
        visibleOptions(command) {
          const isCommon = (long = ''): number => Number(COMMON.has(long))
          return new Help().visibleOptions(command).sort((a, b) => isCommon(a.long) - isCommon(b.long))
        },
        styleTitle: (text) => out.style('bold', text),
        optionTerm: ({ flags }) => flags.replace(' [', '[='),
      })
  }
  return program
}
