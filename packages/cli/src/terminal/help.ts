import { type CommandUnknownOpts, Help } from '@commander-js/extra-typings'
import type { Out } from './out.ts'
import { width, wrap } from './width.ts'

interface Outputs {
  out: Out
  err: Out
  /** The parser does not print errors, because they go into the JSON document. */
  quiet: boolean
}

/** Flags of many commands come after those of this command. */
const COMMON: ReadonlySet<string> = new Set(['--account-id', '--base-url', '--json', '--verbose', '--help'])

/** On a narrower terminal, the meaning of a flag is below it. */
const TWO_COLUMNS_CELLS = 70

/** Sets how the parser prints help and errors, for the program and each command. */
export function setUpHelp(program: CommandUnknownOpts, { out, err, quiet }: Outputs): void {
  for (const each of [program, ...program.commands]) {
    each
      .exitOverride()
      .showHelpAfterError(
        `Run fw-evaluator ${each === program ? '' : `${each.name()} `}--help to see what it takes.`,
      )
      .helpOption('-h, --help', 'show this help')
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
}
