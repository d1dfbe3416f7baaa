import { fwEvaluator } from '@fw/vite-plugin'
import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    // One file that any JavaScript engine runs, with `scorer.score` in it.
    lib: { entry: 'src/score.ts', name: 'scorer', formats: ['iife'], fileName: () => 'scorer.js' },
  },
  plugins: [
    fwEvaluator({
      evaluatorId: 'js-scorer',
      include: ['*.py', '*.jsonl', 'requirements.txt'],
      evaluator: { displayName: 'JSON fields' },
      // The call returns when the build at the service has ended well; `pnpm demo` reads what came of it.
      wait: true,
      report: '.fw-report.json',
    }),
  ],
})
