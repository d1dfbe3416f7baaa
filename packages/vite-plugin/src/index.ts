export {
  fwEvaluator,
  fwEvaluator as default,
  type PluginOptions,
  type VitePlugin,
} from '@fw/evaluator-unplugin/vite'
