import { command, type Define } from '../command.ts'

export const status: Define = (start) =>
  command('status', 'show an evaluator and how its build went', ['status my-evaluator'])
    .argument('<id>', 'id of the evaluator, or its whole name')
    .action((id, options) =>
      start('status', options, async (context) => (await import('../run/status.ts')).status(context, id)),
    )
