/** Packs a folder in memory `times` times and prints how long each took: `pack-again <dir> <times>`. */
import { basename } from 'node:path'
import { packEvaluator } from '@fw/evaluator-core'

const [dir = '', times = '1'] = process.argv.slice(2)
const took: number[] = []
for (let count = 0; count < Number(times); count++) {
  const began = performance.now()
  const archive = await packEvaluator({ evaluatorId: basename(dir), source: dir })
  took.push(performance.now() - began)
  await archive.dispose()
}
process.stdout.write(JSON.stringify(took))
