import { readdirSync } from 'node:fs'
import type { UploadOptions } from '@fw/evaluator-core'
import { scorerFiles } from '@fw/evaluator-scorer'

const folders = readdirSync(new URL('../evaluators', import.meta.url))

// A folder is an evaluator. One that was not built has no bundle, which fails, instead of being left out in silence.
export default folders.map((evaluatorId) => {
  const { entryPoint, files } = scorerFiles({ evaluatorId, scorer: 'score.js', rows: 'rows.jsonl' })
  return {
    evaluatorId,
    source: {
      files: {
        ...files,
        'score.js': { path: `../evaluators/${evaluatorId}/dist/score.js` },
        'rows.jsonl': { path: '../rows.jsonl' },
      },
    },
    evaluator: { entryPoint },
  }
}) satisfies UploadOptions[]
