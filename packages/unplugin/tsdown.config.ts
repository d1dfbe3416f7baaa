import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: ['src/index.ts', 'src/{vite,rollup,rolldown,webpack,rspack,esbuild,farm,bun}.ts'],
  target: 'node20.19',
  dts: true,
  fixedExtension: false,
  publint: true,
})
export default config
