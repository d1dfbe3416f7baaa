import { fwEvaluator } from '@fw/vite-plugin'
import { defineConfig, type UserConfig } from 'vite-8'

const evaluator = fwEvaluator({ evaluatorId: 'my-evaluator', include: ['*.py'], onError: 'warn' })

// What must compile in a user's strict project, without a cast.
export const object: UserConfig = { plugins: [evaluator] }
export const defined: ReturnType<typeof defineConfig> = defineConfig({
  plugins: [evaluator, [evaluator], false],
})
