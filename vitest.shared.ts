import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

/** One runner for every package: the JSON report is what `pnpm test` adds up, so that the sums are the runner's own. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['**/*.test.ts'],
    globalSetup: [fileURLToPath(new URL('scripts/build-first.ts', import.meta.url))],
    reporters: ['default', 'json'],
    outputFile: { json: '.reports/vitest.json' },
    testTimeout: 30_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
})
export default config
