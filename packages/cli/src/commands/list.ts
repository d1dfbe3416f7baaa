import { command, type Define } from '../command.ts'

export const list: Define = (start) =>
  command('list', 'list the evaluators of the account', ['list', `list --filter 'state = "BUILD_FAILED"'`])
    .option('--filter <expression>', 'only those that the expression is true of, as the service reads it')
    .option('--order-by <fields>', 'such as "updateTime desc"; the service decides otherwise')
    .action((options) =>
      start('list', options, async (context) => (await import('../run/list.ts')).list(context, options)),
    )
