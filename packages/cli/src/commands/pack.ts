import { type Define, localCommand } from '../command.ts'
import { collect } from '../values.ts'

export const pack: Define = (start) =>
  localCommand('pack', 'write the archive that upload would send', [
    'pack dist --id my-evaluator -o my-evaluator.tar.gz',
  ])
    .argument('[dir]', 'folder to pack (default: the working directory)')
    .requiredOption('-o, --out <file>', 'the archive')
    .option('--id <id>', 'names the folder in the archive (default: the name of --out, then of the folder)')
    .option('--include <glob>', 'take these although git ignores them; repeatable', collect)
    .option('--exclude <glob>', 'leave these out; repeatable', collect)
    .option('--no-gitignore', 'take what git ignores too')
    .option('--entry-point <path>', 'checked against the folder')
    .action((dir, options) =>
      start('pack', options, async (context) => (await import('../run/pack.ts')).pack(context, dir, options)),
    )
