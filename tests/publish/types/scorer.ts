import { type EvaluateResult, type EvaluationRow, type Score, scorerFiles } from '@fw/evaluator-scorer'

async function judge(row: EvaluationRow): Promise<EvaluateResult | number> {
  const truth = row.groundTruth as { my_key?: number }
  const reason: string | undefined = row.inputMetadata?.rowId ?? undefined
  return truth.my_key === 7 ? { score: 1, reason, metrics: { length: { score: 3, reason: 'words' } } } : 0
}
const plain: Score = ({ messages, groundTruth }) => (messages.at(-1)?.content === groundTruth ? 1 : 0)
const row: EvaluationRow = { messages: [{ role: 'user', content: 'hi' }], groundTruth: 4, ofMine: true }
export const scores: unknown[] = [judge(row), plain(row)]

export const entryPoint: string = scorerFiles({
  evaluatorId: 'a',
  scorer: 'score.js',
  rows: 'rows.jsonl',
  completionParams: [{ model: 'm', extra_body: { top_k: 1 } }],
  rollout: { remote: 'https://example.org' },
  passedThreshold: { success: 0.5 },
  timeoutMs: 1000,
}).entryPoint

// @ts-expect-error a text is no score
export const text: Score = () => 'good'
// @ts-expect-error a result has a score
export const empty: Score = () => ({ reason: 'none' })
// @ts-expect-error there is no such rollout
scorerFiles({ evaluatorId: 'a', scorer: 'score.js', rows: 'rows.jsonl', rollout: 'multi-turn' })
