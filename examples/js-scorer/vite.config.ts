import { fwEvaluator } from '@fw/vite-plugin'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    fwEvaluator({
      evaluatorId: 'js-scorer',
      score: 'src/score.ts',
      rows: 'rows.jsonl',
      // The rows have answers: they are scored as they are, and no model is asked.
      rollout: 'none',
      evaluator: { displayName: 'JSON fields' },
      // The call returns when the build at the service has ended well; `pnpm demo` reads what came of it.
      wait: true,
      report: '.fw-report.json',
    }),
  ],
})
