import { Option } from '@commander-js/extra-typings'
import { type Define, localCommand } from '../command.ts'

export const init: Define = (start) =>
  localCommand('init', 'add an evaluator to a project: plugin, Python entry, CI', [
    'init',
    'init my-evaluator --id my-evaluator --bundler esbuild --yes',
  ])
    .argument('[dir]', 'folder of the project (default: the working directory)')
    .option('--id <id>', 'id of the evaluator (default: from the name of the package or folder)')
    .addOption(
      new Option('--bundler <name>', 'which (default: the one whose config is there, else vite)').choices([
        'vite',
        'esbuild',
      ] as const),
    )
    .option('--no-ci', 'write no workflow for GitHub Actions')
    .option('-y, --yes', 'ask nothing: take the defaults, keep files that exist')
    .action((dir, options) =>
      start('init', options, async (context) => (await import('../run/init.ts')).init(context, dir, options)),
    )
