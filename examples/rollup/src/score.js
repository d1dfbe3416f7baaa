/**
 * 1 for an answer of at least ten characters, less for a shorter one.
 *
 * @type {import('@fw/evaluator-scorer').Score}
 */
export default function score(row) {
  const answer = String(row.messages.at(-1)?.content ?? '')
  return Math.min(1, answer.length / 10)
}
