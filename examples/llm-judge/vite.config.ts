import { fwEvaluator } from '@fw/vite-plugin'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [fwEvaluator({ evaluatorId: 'llm-judge', score: 'src/score.ts', rows: 'rows.jsonl' })],
})
