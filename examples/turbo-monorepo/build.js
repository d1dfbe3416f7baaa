import { build } from 'esbuild'

// Every evaluator's `build` runs this in its own folder. These evaluators score only the answer. This script turns them
// into scorers of a whole row, which eval-protocol needs.
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
