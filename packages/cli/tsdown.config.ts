import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { defineConfig, type UserConfig } from 'tsdown'

// Its text must be in every copy, and the page is one.
const license = readFileSync(
  new URL('../LICENSE', `file://${createRequire(import.meta.url).resolve('d3-hierarchy')}`),
  'utf8',
)

const config: UserConfig[] = defineConfig([
  {
    entry: ['src/cli.ts'],
    target: 'node20.19',
    dts: false,
    fixedExtension: false,
    publint: true,
    // A file costs its loader 0.7 ms on Node 20. What nearly every command needs is one file; what only some need is
    // loaded with them, and the version alone before all.
    outputOptions: {
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [{ name: 'shared', test: /src[\\/]((terminal|options)[\\/](?!load-config|ask)|service\.)/ }],
      },
    },
  },
  {
    // The page of `inspect --html`: put together when a report is written.
    entry: { report: 'src/html/browser/main.ts' },
    outDir: 'dist/html',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    dts: false,
    fixedExtension: false,
    deps: { alwaysBundle: ['d3-hierarchy'] },
    banner: { js: `/*! d3-hierarchy\n${license}*/` },
    copy: ['src/html/browser/report.html', 'src/html/browser/*.css', '../../pages/base.css'],
  },
])
export default config
