import { type Define, localCommand } from '../command.ts'
import { collect } from '../values.ts'

export const inspect: Define = (start) =>
  localCommand('inspect', 'show what is in an archive, or would be', [
    'inspect dist',
    'inspect my-evaluator.tar.gz',
  ])
    .argument('[path]', 'folder or archive (default: the working directory)')
    .option('--id <id>', 'id that a folder would be packed under (default: the name of the folder)')
    .option('--include <glob>', 'take these although git ignores them; repeatable', collect)
    .option('--exclude <glob>', 'leave these out; repeatable', collect)
    .option('--no-gitignore', 'take what git ignores too')
    .action((path, options) =>
      start('inspect', options, async (context) =>
        (await import('../run/inspect.ts')).inspect(context, path, options),
      ),
    )
