import {
  Argument,
  Command,
  type CommandUnknownOpts,
  Option,
  type OptionValues,
} from '@commander-js/extra-typings'
import type { Start } from './context.ts'
import { collect, parseCount, parseDuration, parseShard, parseSize } from './options/flag-values.ts'
import { VERSION } from './version.ts'

// All commands and flags. The code of a command is loaded when it is called, so `--help` loads none.

const ID =
  'id of the evaluator, or accounts/<account>/evaluators/<id> (default: the only one that the project names)'

/** All commands, in the order in which the help lists them. */
export function createGrammar(start: Start): CommandUnknownOpts {
  return new Command('fw-evaluator')
    .description('Upload, test and inspect evaluators of Fireworks AI.')
    .version(VERSION, '-v, --version', 'print the version')
    .helpCommand('help [command]', 'show the flags of a command')
    .addCommand(
      local('init', 'add an evaluator of one TypeScript function to a project', [
        'init',
        'init my-evaluator --id my-evaluator --bundler esbuild --yes',
      ])
        .argument('[dir]', 'folder of the project (default: the working directory)')
        .option('--id <id>', 'id of the evaluator (default: from the name of the package or folder)')
        .addOption(
          new Option(
            '--bundler <name>',
            'bundler (default: the one that the project uses, else vite)',
          ).choices(['vite', 'esbuild'] as const),
        )
        .option('--no-ci', 'write no workflow for GitHub Actions')
        .option('-y, --yes', 'do not ask: use the defaults, keep existing files')
        .action((dir, flags) =>
          start('init', flags, async (context) =>
            (await import('./commands/init.ts')).init(context, dir, flags),
          ),
        ),
    )
    .addCommand(
      withFolderRules(
        remote('upload', 'pack a folder and upload it', [
          'upload dist --id my-evaluator --wait',
          'upload --config fw-evaluators.ts --shard 2/8',
          'upload --config "evaluators/*" --wait=20m',
        ])
          .argument('[dir]', 'folder to upload (default: the working directory)')
          .option('--id <id>', ID),
      )
        .option('--entry-point <path>', 'path/to/file.py::function (default: the only @evaluation_test)')
        .option('--no-entry-point', 'upload without an entry point')
        .option('--requirements <file>', 'file whose text becomes the requirements of the evaluator')
        .option('--display-name <text>', 'name for people')
        .option('--description <text>', 'what the evaluator does')
        .option('--commit-hash <sha>', 'commit of the source (default: from CI or git)')
        .option('--default-dataset <name>', 'default dataset of the evaluator')
        .option('--no-create', 'fail if the evaluator does not exist')
        .option('--wait [time]', 'wait until it is ACTIVE, at most 15m or the given time', (text) =>
          text === 'default' ? true : parseDuration(text),
        )
        .option(
          '--timeout <time>',
          'fail after this time, without the wait for the build (30m)',
          parseDuration,
        )
        .option('--dry-run', 'pack and report; use no network')
        .option('--force', 'upload even if nothing changed')
        .addOption(
          new Option(
            '--config <path...>',
            'many evaluators: a .ts, .js or .json file, or folders by glob',
          ).conflicts(['id']),
        )
        .option('--concurrency <n>', 'with --config: how many at once (4)', parseCount(1, 64))
        .option('--shard <i/n>', 'with --config: only part i of n, the same on every machine', parseShard)
        .action((dir, flags) =>
          start('upload', flags, async (context) =>
            (await import('./commands/upload.ts')).upload(context, dir, flags),
          ),
        ),
    )
    .addCommand(
      withFolderRules(
        local('pack', 'write the archive that upload would send', [
          'pack dist --id my-evaluator -o my-evaluator.tar.gz',
        ])
          .argument('[dir]', 'folder to pack (default: the working directory)')
          .option('-o, --out <file>', 'the archive, or a folder for it (default: <id>.tar.gz)')
          .option(
            '--id <id>',
            'names the folder in the archive (default: the name of --out, then of the folder)',
          ),
      )
        .option('--entry-point <path>', 'path/to/file.py::function, checked against the folder')
        .action((dir, flags) =>
          start('pack', flags, async (context) =>
            (await import('./commands/pack.ts')).pack(context, dir, flags),
          ),
        ),
    )
    .addCommand(
      withFolderRules(
        local('inspect', 'show the files of an archive, or of a folder as it would be packed', [
          'inspect dist',
          'inspect my-evaluator.tar.gz',
          'inspect before.tar.gz dist --html report.html',
        ])
          .argument('[path]', 'folder or archive (default: the working directory)')
          .argument('[other]', 'with --html: another one, to compare')
          .option('--html <file>', 'write a web page with a map of the sizes and a table')
          .option('--id <id>', 'id to pack a folder with (default: the name of the folder)'),
      ).action((path, other, flags) =>
        start('inspect', flags, async (context) =>
          (await import('./commands/inspect.ts')).inspect(context, [path, other], flags),
        ),
      ),
    )
    .addCommand(
      withFolderRules(
        local('test', 'run an evaluator on this machine, and show its scores', [
          'test dist',
          'test dist --model accounts/fireworks/models/gpt-oss-120b --rows 5',
          'test --from-build',
          'test --config fw-evaluators.ts --id my-evaluator',
        ])
          .argument('[path]', 'folder or archive (default: the working directory)')
          .option('--id <id>', 'id to pack a folder with (default: the name of the folder)'),
      )
        .option('--entry-point <path>', 'path/to/file.py::function (default: the only @evaluation_test)')
        .option(
          '--from-build [command]',
          'build the project in [path], and test what its plugin would upload',
          (text) => (text === 'default' ? true : text),
        )
        .option('--config <path>', 'test the evaluator of this file that --id names, or its only one')
        .option('--rows <n>', 'score the first n rows only', parseCount(1, 1_000_000))
        .option('--model <name>', 'ask this model for answers; without it, the rows are scored as they are')
        .option('--timeout <time>', 'fail after this time (5m)', parseDuration)
        .action((path, flags) =>
          start('test', flags, async (context) =>
            (await import('./commands/test.ts')).test(context, path, flags),
          ),
        ),
    )
    .addCommand(
      remote('status', 'show an evaluator and how its build went', ['status my-evaluator'])
        .argument('[id]', ID)
        .action((id, flags) =>
          start('status', flags, async (context) =>
            (await import('./commands/status.ts')).status(context, id),
          ),
        ),
    )
    .addCommand(
      remote('logs', 'print the build log of an evaluator', ['logs my-evaluator --follow'])
        .argument('[id]', ID)
        .option('-f, --follow', 'keep printing until the build has ended; exit 1 if it failed')
        .action((id, flags) =>
          start('logs', flags, async (context) =>
            (await import('./commands/logs.ts')).logs(context, id, flags),
          ),
        ),
    )
    .addCommand(
      remote('list', 'list the evaluators of the account', [
        'list',
        `list --filter 'state = "BUILD_FAILED"'`,
        'list --order-by "updateTime desc"',
      ])
        .option('--filter <expression>', 'only evaluators that match; the service evaluates the expression')
        .option('--order-by <fields>', 'order of the list: "updateTime desc"')
        .action((flags) =>
          start('list', flags, async (context) => (await import('./commands/list.ts')).list(context, flags)),
        ),
    )
    .addCommand(
      remote('delete', 'delete an evaluator, its versions and its builds', [
        'delete my-evaluator',
        'delete my-evaluator --yes',
      ])
        .argument('<id>', ID)
        .option('-y, --yes', 'do not ask')
        .action((id, flags) =>
          start('delete', flags, async (context) =>
            (await import('./commands/delete.ts')).remove(context, id, flags.yes === true),
          ),
        ),
    )
    .addCommand(
      remote('pull', 'download the source of an evaluator', [
        'pull my-evaluator',
        'pull my-evaluator -o before',
      ])
        .argument('[id]', ID)
        .option('-o, --out <dir>', 'new or empty folder to unpack into (default: the id)')
        .option('--allow-secret <glob>', 'unpack files that look like secrets; repeatable', collect)
        .option('--max-size <size>', 'refuse more than this, packed or unpacked (1GB)', parseSize)
        .action((id, flags) =>
          start('pull', flags, async (context) =>
            (await import('./commands/pull.ts')).pull(context, id, flags),
          ),
        ),
    )
    .addCommand(
      withFolderRules(
        remote('diff', 'show which files an upload would change', [
          'diff my-evaluator dist',
          'diff my-evaluator dist --exit-code',
        ])
          .argument('[id]', ID)
          .argument('[dir]', 'folder to compare (default: the working directory)'),
      )
        .option('--name-only', 'list the files, without their lines')
        .option('--exit-code', 'exit 1 if something would change')
        .action((id, dir, flags) =>
          start('diff', flags, async (context) =>
            (await import('./commands/diff.ts')).diff(context, id, dir, flags),
          ),
        ),
    )
    .addCommand(
      remote('open', 'open the page of an evaluator in the browser', ['open my-evaluator'])
        .argument('[id]', ID)
        .action((id, flags) =>
          start('open', flags, async (context) => (await import('./commands/open.ts')).open(context, id)),
        ),
    )
    .addCommand(
      remote('whoami', 'show the account that the key belongs to', ['whoami']).action((flags) =>
        start('whoami', flags, async (context) => (await import('./commands/whoami.ts')).whoami(context)),
      ),
    )
    .addCommand(
      remote('doctor', 'check everything that an upload needs, and say how to fix it', ['doctor']).action(
        (flags) =>
          start('doctor', flags, async (context) => (await import('./commands/doctor.ts')).doctor(context)),
      ),
    )
    .addCommand(
      local('emulator', 'run a local emulator of the service, until Ctrl-C', [
        'emulator --port 4000 --dir .emulator',
        'upload dist --id my-evaluator --wait  # with its variables set',
      ])
        .option('--port <n>', 'port of the API on 127.0.0.1 (any that is free)', parseCount(0, 65_535))
        .option('--store-port <n>', 'port of its store (any that is free)', parseCount(0, 65_535))
        .option('--dir <folder>', 'keep evaluators in this folder (default: in memory)')
        .option('--build-time <time>', 'how long a build takes (2s)', parseDuration)
        .action((flags) =>
          start('emulator', flags, async (context) =>
            (await import('./commands/emulator.ts')).emulate(context, flags),
          ),
        ),
    )
    .addCommand(
      new Command('complete')
        .description('print a completion script for a shell')
        .addArgument(new Argument('<shell>', 'shell').choices(['bash', 'zsh', 'fish', 'powershell'] as const))
        .addHelpText('after', examples(['complete fish | source'], ['source <(fw-evaluator complete bash)']))
        .action(async (shell) => (await import('./commands/complete.ts')).printScript(shell)),
    )
}

/** A command that uses the service. */
function remote(name: string, summary: string, calls: string[]) {
  return local(name, summary, calls)
    .option(
      '--account-id <id>',
      'account (default: FIREWORKS_ACCOUNT_ID, auth.ini, or the account of the key)',
    )
    .option('--base-url <url>', 'service (default: FIREWORKS_API_BASE, or https://api.fireworks.ai)')
}

/** A command that works without the service. */
function local(name: string, summary: string, calls: string[]) {
  return new Command(name)
    .description(summary)
    .option('--json', 'print one JSON document on stdout, everything else on stderr')
    .option('--verbose', 'print details, and the stacks of errors')
    .addHelpText('after', examples(calls))
}

/** Which files of a folder go into the archive. */
function withFolderRules<A extends unknown[], F extends OptionValues, G extends OptionValues>(
  command: Command<A, F, G>,
) {
  return command
    .option('--include <glob>', 'include files that git ignores; repeatable', collect)
    .option('--exclude <glob>', 'skip files; repeatable', collect)
    .option('--no-gitignore', 'include everything that git ignores')
    .option('--allow-secret <glob>', 'accept files that look like secrets; repeatable', collect)
}

function examples(calls: readonly string[], lines: readonly string[] = []): string {
  const all = [...lines, ...calls.map((call) => `fw-evaluator ${call}`)]
  return `\nExamples:\n${all.map((line) => `  $ ${line}\n`).join('')}`
}
