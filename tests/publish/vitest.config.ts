import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

// Package managers and compilers on a busy machine; each command has a limit of its own.
const config: ViteUserConfig = mergeConfig(shared, { test: { testTimeout: 120_000, hookTimeout: 120_000 } })
export default config
