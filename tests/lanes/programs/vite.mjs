import { fwEvaluator } from '@fw/vite-plugin'
import { build } from 'vite'

await build({
  root: process.argv[2],
  configFile: false,
  logLevel: 'warn',
  build: { ssr: 'main.js', outDir: 'dist-vite' },
  plugins: [
    fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, include: ['*.py'], wait: { intervalMs: 10 } }),
  ],
})
