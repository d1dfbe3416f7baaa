import { fwEvaluator } from '@fw/evaluator-unplugin/rollup'

export default {
  input: 'src/score.js',
  output: [
    { file: 'dist/scorer.js', format: 'iife', name: 'scorer' },
    { file: 'dist/scorer.mjs', format: 'es' },
  ],
  plugins: [fwEvaluator({ evaluatorId: 'rollup', include: ['*.py', 'requirements.txt'] })],
}
