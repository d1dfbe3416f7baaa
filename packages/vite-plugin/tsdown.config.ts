import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: ['src/index.ts'],
  target: 'node20.19',
  // The .cjs is for Vite 5 alone: it refuses an ES module in a CommonJS config by its file name, before Node could load it.
  format: ['esm', 'cjs'],
  dts: true,
  fixedExtension: false,
  publint: true,
})
export default config
