import { defineConfig, type UserConfig } from 'tsdown'
import { shared } from '../../tsdown.shared.ts'

const config: UserConfig = defineConfig({
  ...shared,
  entry: ['src/index.ts'],
  // The .cjs is for Vite 5 alone: it refuses an ES module in a CommonJS config by its file name, before Node could load it.
  format: ['esm', 'cjs'],
  // Its default export is one among others, as in the ES module.
  cjsDefault: false,
  // `main` and `module` are for Nodes and bundlers that no Vite of ours runs with.
  exports: { legacy: false },
})
export default config
