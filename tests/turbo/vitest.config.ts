import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

// Turbo plans a workspace in a second, and on a busy machine in ten.
const config: ViteUserConfig = mergeConfig(shared, { test: { testTimeout: 120_000, hookTimeout: 120_000 } })
export default config
