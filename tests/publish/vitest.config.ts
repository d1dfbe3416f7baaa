import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

// Package managers and compilers are slow on a busy machine. Each command has its own limit.
const config: ViteUserConfig = mergeConfig(shared, { test: { testTimeout: 120_000, hookTimeout: 120_000 } })
export default config
