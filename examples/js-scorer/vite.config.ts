import { fwEvaluator } from '@fw/vite-plugin'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    fwEvaluator({
      evaluatorId: 'js-scorer',
      score: 'src/score.ts',
      rows: 'rows.jsonl',
      // The rows have answers, so no model is asked.
      rollout: 'none',
      evaluator: { displayName: 'JSON fields' },
      // Waits until the evaluator is ACTIVE. `pnpm demo` reads the report.
      wait: true,
      report: '.fw-report.json',
    }),
  ],
})
