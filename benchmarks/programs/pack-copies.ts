/** Packs one file under many names, so that gigabytes need no room on the disk: `pack-copies <file> <times> <archive>`. */
import { packEvaluator } from '@fw/evaluator-core'

const [path = '', times = '1', outFile = ''] = process.argv.slice(2)
const names = Array.from({ length: Number(times) }, (_, index) => `data/part-${index}.txt`)
const files = Object.fromEntries(names.map((name) => [name, { path }]))
await packEvaluator({ evaluatorId: 'copies', source: { files }, outFile })
