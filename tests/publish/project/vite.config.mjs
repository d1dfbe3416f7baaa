import { fwEvaluator } from '@fw/vite-plugin'

const evaluatorId = `${process.env.EVALUATOR_ID}-vite`

export default {
  build: { ssr: 'main.js', outDir: 'dist-vite' },
  plugins: [fwEvaluator({ evaluatorId, include: ['*.py'], wait: { intervalMs: 50 } })],
}
