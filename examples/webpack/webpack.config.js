import { fwEvaluator } from '@fw/evaluator-unplugin/webpack'

export default {
  mode: 'production',
  target: 'node',
  entry: { score: './src/score.js' },
  output: { library: { type: 'commonjs2' } },
  plugins: [fwEvaluator({ evaluatorId: 'webpack', score: 'src/score.js', rows: 'rows.jsonl' })],
}
