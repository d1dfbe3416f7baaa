import { fwEvaluator } from '@fw/vite-plugin'
import { defineConfig } from 'vite'

export default defineConfig({
  build: {
    // The one for the Python entry file's engine, the other for whoever imports the scorer in JavaScript.
    lib: {
      entry: 'src/score.ts',
      name: 'scorer',
      formats: ['iife', 'es'],
      fileName: (format) => (format === 'es' ? 'scorer.mjs' : 'scorer.js'),
    },
  },
  plugins: [fwEvaluator({ evaluatorId: 'vite-lib', include: ['*.py', 'requirements.txt'] })],
})
