export type { PluginOptions, UploadFailure } from '../core/options.ts'
export { fwEvaluator, fwEvaluator as default, type WebpackPlugin as RspackPlugin } from './webpack.ts'
