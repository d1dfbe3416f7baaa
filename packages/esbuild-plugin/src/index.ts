export {
  type EsbuildPlugin,
  fwEvaluator,
  fwEvaluator as default,
  type PluginOptions,
  type UploadFailure,
} from '@fw/evaluator-unplugin/esbuild'
