export { fwEvaluator, fwEvaluator as default, type WebpackPlugin } from './webpack-like.ts'
