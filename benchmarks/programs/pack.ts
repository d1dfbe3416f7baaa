/** Packs a folder into a file: `pack <dir> <file>`. The folder's name is the evaluator's id. */
import { basename } from 'node:path'
import { packEvaluator } from '@fw/evaluator-core'

const [dir = '', outFile = ''] = process.argv.slice(2)
await packEvaluator({ evaluatorId: basename(dir), source: { dir, gitignore: false }, outFile })
