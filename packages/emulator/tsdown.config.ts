import { defineConfig, type UserConfig } from 'tsdown'
import { shared } from '../../tsdown.shared.ts'

const config: UserConfig[] = defineConfig([
  { ...shared, entry: ['src/index.ts'] },
  {
    // The parts of the emulator's page, joined when it is served.
    entry: { page: 'src/page/browser/main.ts' },
    outDir: 'dist/page',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    dts: false,
    fixedExtension: false,
    copy: ['src/page/browser/page.html', 'src/page/browser/*.css', '../../pages/base.css'],
  },
])
export default config
