export { fwEvaluator, fwEvaluator as default, type WebpackPlugin as RspackPlugin } from './webpack-like.ts'
