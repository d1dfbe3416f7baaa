import { type Define, localCommand } from '../command.ts'
import { parseCount, parseDuration } from '../values.ts'

export const emulator: Define = (start) =>
  localCommand('emulator', 'run a local stand-in for the service until Ctrl-C', [
    'emulator --port 4000 --dir .emulator',
    'upload dist --id my-evaluator --wait  # with the variables that it prints',
  ])
    .option('--port <n>', 'port of the API on 127.0.0.1 (any that is free)', parseCount(0, 65_535))
    .option('--store-port <n>', 'port of its store (any that is free)', parseCount(0, 65_535))
    .option('--dir <folder>', 'keep evaluators there; without it they are gone at the end')
    .option('--build-time <time>', 'how long a build takes (2s)', parseDuration)
    .action((options) =>
      start('emulator', options, async (context) =>
        (await import('../run/emulator.ts')).emulate(context, options),
      ),
    )
