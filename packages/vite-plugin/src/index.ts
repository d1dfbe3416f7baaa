export type { PluginOptions } from '@fw/evaluator-unplugin'
export { fwEvaluator, fwEvaluator as default, type VitePlugin } from '@fw/evaluator-unplugin/vite'
