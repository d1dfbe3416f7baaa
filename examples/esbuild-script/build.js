import { fwEvaluator } from '@fw/esbuild-plugin'
import { build } from 'esbuild'

// No entry is named: the scorer is the only one, built for Node with all that it imports inside.
await build({
  plugins: [fwEvaluator({ evaluatorId: 'esbuild-script', score: 'src/score.ts', rows: 'rows.jsonl' })],
})
