/**
 * Packs a folder into a file: `pack <dir> <file>`. The folder's name is the evaluator's id. With BENCH_SCAN=0 all files
 * may look like secrets, so that none is searched.
 */
import { basename } from 'node:path'
import { packEvaluator } from '@fw/evaluator-core'

const [dir = '', outFile = ''] = process.argv.slice(2)
const allowSecrets = process.env.BENCH_SCAN === '0' ? ['**'] : []
await packEvaluator({ evaluatorId: basename(dir), source: { dir, gitignore: false }, outFile, allowSecrets })
