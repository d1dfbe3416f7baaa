import { fwEvaluator } from '@fw/evaluator-unplugin/rollup'

export default {
  input: 'src/score.js',
  output: { dir: 'dist', format: 'es' },
  plugins: [fwEvaluator({ evaluatorId: 'rollup', score: 'src/score.js', rows: 'rows.jsonl' })],
}
