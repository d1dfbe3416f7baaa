// Packs one tree, in memory and to a file. The test compares the digests of all Node versions.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { packEvaluator } from '@fw/evaluator-core'

const [dir, outFile] = process.argv.slice(2)
const archive = await packEvaluator({ evaluatorId: 'lane', source: dir, outFile })
const { body } = archive
const bytes = 'bytes' in body ? body.bytes : await readFile(body.path)
const actual = createHash('sha256').update(bytes).digest('hex')
await archive.dispose()
console.log(JSON.stringify({ node: process.version, sha256: archive.sha256, actual, size: archive.size }))
