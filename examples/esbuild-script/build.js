import { fwEvaluator } from '@fw/esbuild-plugin'
import { build } from 'esbuild'

// Without an entry, the scorer is the only one: built for Node, bundled with all its imports.
await build({
  plugins: [fwEvaluator({ evaluatorId: 'esbuild-script', score: 'src/score.ts', rows: 'rows.jsonl' })],
})
