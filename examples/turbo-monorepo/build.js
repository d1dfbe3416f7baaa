import { build } from 'esbuild'

// Run by every evaluator's `build` in its own folder. What these evaluators score is the answer alone: the scorer that
// eval-protocol needs, of a whole row, is made of that here.
await build({
  stdin: {
    contents: `
import { score } from './src/score.ts'
export default ({ messages }) => score(String(messages.at(-1)?.content ?? ''))
`,
    resolveDir: '.',
  },
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile: 'dist/score.js',
})
