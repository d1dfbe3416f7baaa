import { defineConfig, type UserConfig } from 'tsdown'

/** Sources only: declarations pass through the same groups, and would be made into JavaScript by them. */
const sources = (pattern: RegExp) => (id: string) => pattern.test(id) && !id.endsWith('.d.ts')

const config: UserConfig = defineConfig({
  entry: ['src/index.ts'],
  target: 'node20.19',
  dts: true,
  fixedExtension: false,
  publint: true,
  copy: ['THIRD-PARTY.md'],
  // tar is inside: 4 of its 30 files write the headers, and no install can bring others, thus other bytes.
  deps: { alwaysBundle: ['tar'], onlyBundle: ['tar'] },
  // A file costs its loader 0.7 ms on Node 20, and every import() made a dozen of small ones. What is loaded together
  // is one file; what opens sockets is another, since a dry run must not load node:tls.
  // What such groups need; the index has no further exports all the same, since its own code is in none of them.
  inputOptions: { preserveEntrySignatures: 'allow-extension' },
  outputOptions: {
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        {
          name: 'sockets',
          test: sources(/src[\\/]http[\\/](connections|sockets|proxies|tunnel)\./),
          priority: 2,
        },
        {
          name: 'pack',
          test: sources(/src[\\/](archive|source)[\\/]|[\\/]node_modules[\\/]tar[\\/]/),
          priority: 1,
        },
        { name: 'upload', test: sources(/src[\\/](upload[\\/]|store[\\/])/), priority: 1 },
        { name: 'core', test: sources(/src[\\/](?!index|api)|package\.json/) },
      ],
    },
  },
})
export default config
