import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: ['src/cli.ts'],
  target: 'node20.19',
  dts: false,
  fixedExtension: false,
  publint: true,
})
export default config
