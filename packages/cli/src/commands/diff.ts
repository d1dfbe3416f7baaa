import { command, type Define } from '../command.ts'
import { collect } from '../values.ts'

export const diff: Define = (start) =>
  command('diff', 'say which files an upload would change', [
    'diff my-evaluator dist',
    'diff my-evaluator dist --exit-code',
  ])
    .argument('<id>', 'id of the evaluator, or its whole name')
    .argument('[dir]', 'folder to compare (default: the working directory)')
    .option('--include <glob>', 'take these although git ignores them; repeatable', collect)
    .option('--exclude <glob>', 'leave these out; repeatable', collect)
    .option('--no-gitignore', 'take what git ignores too')
    .option('--exit-code', 'exit 1 where something would change')
    .action((id, dir, options) =>
      start('diff', options, async (context) =>
        (await import('../run/diff.ts')).diff(context, id, dir, options),
      ),
    )
