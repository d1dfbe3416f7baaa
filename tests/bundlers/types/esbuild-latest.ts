import { fwEvaluator } from '@fw/esbuild-plugin'
import { type BuildOptions, build, type Plugin } from 'esbuild'

// What must compile in a user's strict project, without a cast.
export const plugin: Plugin = fwEvaluator({ evaluatorId: 'my-evaluator' })
export const options: BuildOptions = { plugins: [plugin, fwEvaluator({ evaluatorId: 'b', watch: true })] }
export const run = (): ReturnType<typeof build> => build({ plugins: [fwEvaluator({ evaluatorId: 'c' })] })
