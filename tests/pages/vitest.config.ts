import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

const config: ViteUserConfig = mergeConfig(shared, { test: { globalSetup: './chromium.setup.ts' } })
export default config
