import { command, type Define } from '../command.ts'

export const remove: Define = (start) =>
  command('delete', 'delete an evaluator, its versions and its builds', [
    'delete my-evaluator',
    'delete my-evaluator --yes',
  ])
    .argument('<id>', 'id of the evaluator, or its whole name')
    .option('-y, --yes', 'do not ask')
    .action((id, options) =>
      start('delete', options, async (context) =>
        (await import('../run/delete.ts')).remove(context, id, options.yes === true),
      ),
    )
