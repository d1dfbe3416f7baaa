import { fwEvaluator } from '@fw/esbuild-plugin'
import { build } from 'esbuild'

await build({
  entryPoints: ['src/score.ts'],
  bundle: true,
  format: 'iife',
  globalName: 'scorer',
  outfile: 'dist/scorer.js',
  plugins: [fwEvaluator({ evaluatorId: 'esbuild-script', include: ['*.py', 'requirements.txt'] })],
})
