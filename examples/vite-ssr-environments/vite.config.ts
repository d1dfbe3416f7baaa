import { fwEvaluator } from '@fw/vite-plugin'
import { defineConfig } from 'vite'

export default defineConfig({
  // One `vite build` builds all environments.
  builder: {},
  environments: {
    client: { build: { outDir: 'dist/client' } },
    ssr: {
      build: {
        outDir: 'dist/server',
        rollupOptions: { input: 'src/score.ts', output: { entryFileNames: 'score.js' } },
      },
    },
  },
  plugins: [fwEvaluator({ evaluatorId: 'vite-ssr-environments', score: 'src/score.ts', rows: 'rows.jsonl' })],
})
