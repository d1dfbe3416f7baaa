export {
  type EsbuildPlugin,
  fwEvaluator,
  fwEvaluator as default,
  type PluginOptions,
} from '@fw/evaluator-unplugin/esbuild'
