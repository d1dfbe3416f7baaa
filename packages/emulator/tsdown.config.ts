import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig[] = defineConfig([
  {
    entry: ['src/index.ts'],
    target: 'node20.19',
    dts: true,
    fixedExtension: false,
    publint: true,
  },
  {
    // The emulator's page: put together when it is served.
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
