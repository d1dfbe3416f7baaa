import { join } from 'node:path'
import { uploadEvaluator } from '@fw/evaluator-core'
import { type Bench, bench } from './bench.ts'

/** A bench whose emulator has `src` as the ACTIVE evaluator my-evaluator. Uploads in this process, to be fast. */
export async function uploaded(options?: Parameters<typeof bench>[0]): Promise<Bench> {
  const made = await bench(options)
  const { apiKey, accountId, url } = made.emulator
  await uploadEvaluator({
    evaluatorId: 'my-evaluator',
    source: join(made.dir, 'src'),
    evaluator: { displayName: '採点' },
    apiKey,
    accountId,
    baseUrl: url,
    wait: { intervalMs: 5 },
  })
  return made
}
