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
        rollupOptions: {
          input: 'src/score.ts',
          // A script that leaves `scorer` behind: the Python entry file's engine knows no modules.
          output: { format: 'iife', name: 'scorer', entryFileNames: 'scorer.js' },
        },
      },
    },
  },
  plugins: [fwEvaluator({ evaluatorId: 'vite-ssr-environments', include: ['*.py', 'requirements.txt'] })],
})
