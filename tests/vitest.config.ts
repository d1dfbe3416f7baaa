import { mergeConfig, type ViteUserConfig } from 'vitest/config'
import shared from '../vitest.shared.ts'

const config: ViteUserConfig = mergeConfig(shared, {
  test: { dir: 'bundlers', reporters: ['./bundlers/harness/reporter.ts'], testTimeout: 60_000 },
})
export default config
