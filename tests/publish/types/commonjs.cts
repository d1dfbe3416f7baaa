// `require()` of ESM from a CommonJS file, which TypeScript allows since 5.8.
import core = require('@fw/evaluator-core')
import vitePlugin = require('@fw/vite-plugin')
import esbuildPlugin = require('@fw/esbuild-plugin')

const plugins: unknown[] = [
  vitePlugin.fwEvaluator({ evaluatorId: 'a' }),
  esbuildPlugin.fwEvaluator({ evaluatorId: 'a' }),
]
const upload: (options: core.UploadOptions) => Promise<core.UploadResult> = core.uploadEvaluator
console.log(plugins, upload)
