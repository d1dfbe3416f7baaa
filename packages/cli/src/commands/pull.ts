import { command, type Define } from '../command.ts'
import { parseSize } from '../values.ts'

export const pull: Define = (start) =>
  command('pull', 'fetch the source that the service holds', ['pull my-evaluator -o my-evaluator'])
    .argument('<id>', 'id of the evaluator, or its whole name')
    .requiredOption('-o, --out <dir>', 'folder to unpack into; new or empty')
    .option('--max-size <size>', 'refuse more than this, packed or unpacked (1GB)', parseSize)
    .action((id, options) =>
      start('pull', options, async (context) => (await import('../run/pull.ts')).pull(context, id, options)),
    )
