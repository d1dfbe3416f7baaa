import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

// Turbo needs a second to plan a workspace, on a busy machine ten.
const config: ViteUserConfig = mergeConfig(shared, { test: { testTimeout: 120_000, hookTimeout: 120_000 } })
export default config
