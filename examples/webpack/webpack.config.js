import { fwEvaluator } from '@fw/evaluator-unplugin/webpack'

export default {
  mode: 'production',
  entry: './src/score.js',
  output: { filename: 'scorer.js', library: { name: 'scorer', type: 'var' } },
  plugins: [fwEvaluator({ evaluatorId: 'webpack', include: ['*.py', 'requirements.txt'] })],
}
