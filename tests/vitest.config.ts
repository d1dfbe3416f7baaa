import { availableParallelism } from 'node:os'
import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../vitest.shared.ts'

const config: ViteUserConfig = mergeConfig(shared, {
  test: {
    dir: 'bundlers',
    reporters: ['./bundlers/harness/reporter.ts'],
    testTimeout: 60_000,
    // Tests mostly wait for the process that they started.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
})
export default config
