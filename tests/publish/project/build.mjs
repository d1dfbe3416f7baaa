import { fwEvaluator } from '@fw/esbuild-plugin'
import { build } from 'esbuild'

const evaluatorId = `${process.env.EVALUATOR_ID}-esbuild`

await build({
  entryPoints: ['main.js'],
  bundle: true,
  platform: 'node',
  outdir: 'dist-esbuild',
  plugins: [fwEvaluator({ evaluatorId, include: ['*.py'], wait: { intervalMs: 50 } })],
})
