import type { EvaluateResult, EvaluationRow } from '@fw/evaluator-scorer'

const MODEL = 'accounts/fireworks/models/gpt-oss-120b'
const TASK =
  'Would a child of eight understand this answer, and is it true? Reply with a number from 0 to 10, and one sentence why.'

/** Asks another model to judge the answer. If the judge fails, the score is invalid, not bad. */
export default async function score(row: EvaluationRow): Promise<EvaluateResult> {
  const { JUDGE_BASE_URL = 'https://api.fireworks.ai/inference/v1', FIREWORKS_API_KEY } = process.env
  const question = String(row.messages.at(-2)?.content ?? '')
  const answer = String(row.messages.at(-1)?.content ?? '')
  const response = await fetch(`${JUDGE_BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${FIREWORKS_API_KEY}` },
    body: JSON.stringify({
      model: MODEL,
      temperature: 0,
      messages: [{ role: 'user', content: `${TASK}\n\nQuestion: ${question}\n\nAnswer: ${answer}` }],
    }),
  })
  if (!response.ok) throw new Error(`the judge answered ${response.status}`)
  const { choices }: { choices: { message: { content: string } }[] } = await response.json()
  const reason = choices[0]?.message.content ?? ''
  const points = Number(/\d+(\.\d+)?/.exec(reason)?.[0])
  // A reply without a number is NaN, which is an invalid score.
  return { score: points / 10, reason }
}
