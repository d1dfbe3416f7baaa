import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { defineConfig, type UserConfig } from 'tsdown'
import { among, shared } from '../../tsdown.shared.ts'

// Its text must be in every copy, and the page is one.
const license = readFileSync(
  new URL('../LICENSE', `file://${createRequire(import.meta.url).resolve('d3-hierarchy')}`),
  'utf8',
)

const from = (...files: string[]) => among(import.meta.url, files)

const config: UserConfig[] = defineConfig([
  {
    ...shared,
    entry: ['src/cli.ts'],
    dts: false,
    exports: {
      exclude: ['cli'],
      customExports: { './output.schema.json': './output.schema.json' },
      bin: { 'fw-evaluator': './src/cli.ts' },
    },
    // A file costs its loader 0.7 ms on Node 20. What `upload` and nearly every other command needs is one file; the
    // rest is loaded by whoever needs it, and the version alone before all.
    inputOptions: { preserveEntrySignatures: 'allow-extension' },
    outputOptions: {
      codeSplitting: {
        groups: [
          { name: 'version', test: from('src/version.ts'), priority: 2 },
          {
            name: 'common',
            test: from('src/main.ts', 'src/commands/upload.ts', 'src/service.ts'),
            priority: 1,
          },
        ],
      },
    },
  },
  {
    // The parts of the page of `inspect --html`, joined when a report is written.
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
