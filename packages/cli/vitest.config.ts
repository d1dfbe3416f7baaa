import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

/** The tests start many processes and mostly wait for them, so more files run at once than there are cores. */
const config: ViteUserConfig = mergeConfig(shared, { test: { maxWorkers: 3, testTimeout: 60_000 } })
export default config
