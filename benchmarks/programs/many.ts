/** Uploads many evaluators from one process, some at a time. */
import { uploadEvaluator } from '@fw/evaluator-core'
import { Agent } from 'undici'
import { serveCalls } from '../lib/calls.ts'
import { peakRssMb } from '../lib/peak-rss.ts'

export interface Many {
  readonly evaluators: number
  /** Uploads under way at once, and the most connections to one origin. */
  readonly atOnce: number
  /** First part of the ids. */
  readonly prefix: string
}

export interface ManyDone {
  readonly ms: number
  /** How long each took from its own start. */
  readonly each: readonly number[]
  readonly rssMb: number
}

const methods = {
  async uploadAll({ evaluators, atOnce, prefix }: Many): Promise<ManyDone> {
    const dispatcher = new Agent({ connections: atOnce })
    const left = Array.from({ length: evaluators }, (_, index) => `${prefix}-${index}`)
    const each: number[] = []
    const worker = async () => {
      for (let evaluatorId = left.shift(); evaluatorId; evaluatorId = left.shift()) {
        const began = performance.now()
        await uploadEvaluator({ evaluatorId, source: { files: filesOf(evaluatorId) }, dispatcher })
        each.push(performance.now() - began)
      }
    }
    const began = performance.now()
    await Promise.all(Array.from({ length: atOnce }, worker))
    const ms = performance.now() - began
    await dispatcher.close()
    return { ms, each, rssMb: peakRssMb() }
  },
}
export type ManyMethods = typeof methods
serveCalls(methods)

function filesOf(evaluatorId: string): Record<string, string> {
  return {
    'test_scorer.py': '@evaluation_test()\ndef test_scorer(row):\n    return row\n',
    'requirements.txt': 'eval-protocol\n',
    'scorer.js': `export const score = () => 1 // ${evaluatorId}\n${'// padding\n'.repeat(500)}`,
  }
}
