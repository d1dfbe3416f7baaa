export type { PluginOptions } from '@fw/evaluator-unplugin'
export { type EsbuildPlugin, fwEvaluator, fwEvaluator as default } from '@fw/evaluator-unplugin/esbuild'
