export { fwEvaluator, fwEvaluator as default, type RollupPlugin as RolldownPlugin } from './rollup.ts'
