import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bench } from './bench.ts'

/**
 * A fake `uv` that makes environments at once. Its Python does what `fake.json` in the evaluator says.
 * examples/js-scorer tests the real ones; these tests are about the command.
 */
const UV = (node: string) => `#!${node}
const { mkdirSync, writeFileSync, chmodSync, readFileSync, appendFileSync } = require('node:fs')
const { join } = require('node:path')
const args = process.argv.slice(2)
appendFileSync(process.env.UV_LOG, args.join(' ') + '\\n')
if (args[0] === 'venv') {
  const bin = join(args.at(-1), 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'python'), ${JSON.stringify(PYTHON())}.replace('NODE', process.execPath))
  chmodSync(join(bin, 'python'), 0o755)
}
const requirements = args[args.indexOf('-r') + 1]
if (args.includes('-r') && readFileSync(requirements, 'utf8').includes('no-such-package')) {
  console.error('  × No solution found: there is no no-such-package')
  process.exit(1)
}
`

function PYTHON(): string {
  return `#!NODE
const { mkdirSync, writeFileSync, readFileSync } = require('node:fs')
const { rows = [], exit = 0, print = '', hangs } = JSON.parse(readFileSync('fake.json', 'utf8'))
console.log(print)
const out = process.env.EP_OUTPUT_DIR + '/experiment_results'
mkdirSync(out, { recursive: true })
const asked = rows.slice(0, Number(process.env.EP_MAX_DATASET_ROWS ?? rows.length))
const { EP_COMPLETION_PARAMS: params, EP_USE_NO_OP_ROLLOUT_PROCESSOR: noOp } = process.env
const line = ([score, is_score_valid, reason], index) => JSON.stringify({
  messages: [{ role: params ? 'assistant' : 'user', content: params ?? '' }],
  input_metadata: { row_id: 'row-' + index, dataset_info: { data_loader_row_idx: index } },
  evaluation_result: { score, is_score_valid, reason: reason ?? JSON.stringify([process.argv.slice(2), noOp, params]) },
  execution_metadata: { eval_duration_seconds: 0.012 },
})
writeFileSync(out + '/a.jsonl', asked.map(line).reverse().join('\\n'))
if (hangs) for (;;);
process.exit(exit)
`
}

/** What the fake Python of an evaluator does. */
export interface Fake {
  rows?: [score: number, isValid?: boolean, reason?: string][]
  exit?: number
  print?: string
  hangs?: boolean
}

/** Puts the fake first in the PATH; `log` has the arguments of `uv`. */
export async function withFakePython({ dir, env }: Bench): Promise<{ log: string }> {
  const bin = join(dir, 'bin')
  const log = join(dir, 'uv.log')
  await mkdir(bin)
  await writeFile(join(bin, 'uv'), UV(process.execPath))
  await chmod(join(bin, 'uv'), 0o755)
  Object.assign(env, { PATH: `${bin}:${env.PATH}`, UV_LOG: log, XDG_CACHE_HOME: join(dir, 'cache') })
  return { log }
}
