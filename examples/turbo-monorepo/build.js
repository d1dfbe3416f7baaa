import { build } from 'esbuild'

// Run by every evaluator's `build` in its own folder: a script that leaves `scorer.score` behind, for V8 in Python.
await build({
  entryPoints: ['src/score.ts'],
  bundle: true,
  format: 'iife',
  globalName: 'scorer',
  target: 'es2022',
  outfile: 'dist/scorer.js',
})
