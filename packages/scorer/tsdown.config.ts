import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig[] = defineConfig([
  {
    // The options are for those that check them before they load the rest.
    entry: ['src/index.ts', 'src/options.ts'],
    target: 'node20.19',
    dts: true,
    fixedExtension: false,
    publint: true,
  },
  {
    // What goes into archives as it is: one readable file that needs no other.
    entry: { host: 'src/host/main.ts' },
    outDir: 'dist/archive',
    target: 'node20.19',
    dts: false,
    copy: [{ from: 'src/archive/entry.py', to: 'dist/archive' }],
  },
])
export default config
