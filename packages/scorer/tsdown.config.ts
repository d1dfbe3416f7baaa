import { defineConfig, type UserConfig } from 'tsdown'
import { shared } from '../../tsdown.shared.ts'

const config: UserConfig[] = defineConfig([
  {
    ...shared,
    // The options are for those that check them before they load the rest.
    entry: ['src/index.ts', 'src/options.ts'],
  },
  {
    // What goes into archives as it is: one readable file that needs no other.
    entry: { host: 'src/host/main.ts' },
    outDir: 'dist/archive',
    target: shared.target,
    dts: false,
    copy: [{ from: 'src/archive/entry.py', to: 'dist/archive' }],
  },
])
export default config
