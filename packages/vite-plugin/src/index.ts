export {
  fwEvaluator,
  fwEvaluator as default,
  type PluginOptions,
  type UploadFailure,
  type VitePlugin,
} from '@fw/evaluator-unplugin/vite'
