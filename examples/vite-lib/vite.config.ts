import { fwEvaluator } from '@fw/vite-plugin'
import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    // For whoever imports the scorer elsewhere. The format of the file that is the evaluator does not matter.
    lib: { entry: 'src/score.ts', formats: ['es', 'cjs'], fileName: 'score' },
  },
  plugins: [fwEvaluator({ evaluatorId: 'vite-lib', score: 'src/score.ts', rows: 'rows.jsonl' })],
})
