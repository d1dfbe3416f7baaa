import { command, type Define } from '../command.ts'

export const logs: Define = (start) =>
  command('logs', 'print the build log of an evaluator', ['logs my-evaluator --follow'])
    .argument('<id>', 'id of the evaluator, or its whole name')
    .option('-f, --follow', 'go on until the build has ended; exit 1 where it failed')
    .action((id, options) =>
      start('logs', options, async (context) =>
        (await import('../run/logs.ts')).logs(context, id, options.follow === true),
      ),
    )
