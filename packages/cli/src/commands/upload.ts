import { Option } from '@commander-js/extra-typings'
import { command, type Define } from '../command.ts'
import { collect, parseCount, parseDuration, parseShard } from '../values.ts'

const ONE_ONLY = ['id', 'entryPoint', 'requirements', 'displayName', 'description']

export const upload: Define = (start) =>
  command('upload', 'pack a folder and bring it to the service', [
    'upload dist --id my-evaluator --wait',
    'upload --config fw-evaluators.ts --shard 2/8',
    'upload --config "evaluators/*" --wait=20m',
  ])
    .argument('[dir]', 'folder to upload (default: the working directory)')
    .option('--id <id>', 'id of the evaluator, or its whole name')
    .option('--include <glob>', 'take these although git ignores them; repeatable', collect)
    .option('--exclude <glob>', 'leave these out; repeatable', collect)
    .option('--no-gitignore', 'take what git ignores too')
    .option('--entry-point <path>', 'path/to/file.py::function (default: the only @evaluation_test)')
    .option('--requirements <file>', 'file whose text becomes the requirements of the evaluator')
    .option('--display-name <text>', 'name for people')
    .option('--description <text>', 'what it is')
    .option('--commit-hash <sha>', 'commit it was built from (default: what CI or git says)')
    .option('--default-dataset <name>', 'dataset that the service offers with it')
    .option('--no-create', 'fail when the evaluator does not exist yet')
    .option('--wait [time]', 'wait until it is ACTIVE, 15m or as long as said', (text) =>
      text === 'default' ? true : parseDuration(text),
    )
    .option('--timeout <time>', 'give up after this, waiting for the build not counted (30m)', parseDuration)
    .option('--dry-run', 'pack and report, without any network')
    .option('--force', 'send it even where the service holds the same')
    .addOption(
      new Option(
        '--config <path...>',
        'many evaluators: a .ts, .js or .json file, or folders by glob',
      ).conflicts(ONE_ONLY),
    )
    .option('--concurrency <n>', 'of --config: how many at once (4)', parseCount(1, 64))
    .option('--shard <i/n>', 'of --config: only part i of n, the same on every machine', parseShard)
    .action((dir, options) =>
      start('upload', options, async (context) => {
        if (options.config === undefined) {
          return (await import('../run/upload.ts')).upload(context, dir, options)
        }
        return (await import('../run/upload-many.ts')).uploadMany(context, dir, options)
      }),
    )
