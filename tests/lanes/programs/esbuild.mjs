import { fwEvaluator } from '@fw/esbuild-plugin'
import { build } from 'esbuild'

await build({
  absWorkingDir: process.argv[2],
  entryPoints: ['main.js'],
  outdir: 'dist-esbuild',
  plugins: [
    fwEvaluator({ evaluatorId: process.env.EVALUATOR_ID, include: ['*.py'], wait: { intervalMs: 10 } }),
  ],
})
