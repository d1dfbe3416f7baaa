import { type Define, localCommand } from '../command.ts'
import { collect } from '../values.ts'

export const inspect: Define = (start) =>
  localCommand('inspect', 'show what is in an archive, or would be', [
    'inspect dist',
    'inspect my-evaluator.tar.gz',
    'inspect before.tar.gz dist --html report.html',
  ])
    .argument('[path]', 'folder or archive (default: the working directory)')
    .argument('[other]', 'of --html: a second one, to be shown beside it')
    .option('--html <file>', 'write a page with a map of the sizes and a table, for a browser')
    .option('--id <id>', 'id that a folder would be packed under (default: the name of the folder)')
    .option('--include <glob>', 'take these although git ignores them; repeatable', collect)
    .option('--exclude <glob>', 'leave these out; repeatable', collect)
    .option('--no-gitignore', 'take what git ignores too')
    .action((path, other, options) =>
      start('inspect', options, async (context) =>
        (await import('../run/inspect.ts')).inspect(context, [path, other], options),
      ),
    )
