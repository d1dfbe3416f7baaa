import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

/** The tests mostly wait for processes that they have started: more files at once than there are cores. */
const config: ViteUserConfig = mergeConfig(shared, { test: { maxWorkers: 3 } })
export default config
