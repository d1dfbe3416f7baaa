import { readdirSync } from 'node:fs'
import type { UploadOptions } from '@fw/evaluator-core'

const folders = readdirSync(new URL('../evaluators', import.meta.url))

// A folder is an evaluator. One that was not built has no bundle, which fails, instead of being left out in silence.
export default folders.map((evaluatorId) => ({
  evaluatorId,
  source: {
    files: {
      'scorer.js': { path: `../evaluators/${evaluatorId}/dist/scorer.js` },
      'test_score.py': { path: '../python/test_score.py' },
      'requirements.txt': { path: '../python/requirements.txt' },
    },
  },
})) satisfies UploadOptions[]
