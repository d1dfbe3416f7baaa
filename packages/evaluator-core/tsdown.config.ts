import { defineConfig, type UserConfig } from 'tsdown'
import { among, shared } from '../../tsdown.shared.ts'

const from = (...files: string[]) => among(import.meta.url, files)

const config: UserConfig = defineConfig({
  ...shared,
  entry: ['src/index.ts'],
  copy: ['THIRD-PARTY.md'],
  // tar is inside: 4 of its 30 files write the headers, and no install can bring others, thus other bytes.
  deps: { alwaysBundle: ['tar'], onlyBundle: ['tar'] },
  // A file costs its loader 0.7 ms on Node 20, and every import() made a dozen of small ones. What is loaded together
  // is one file; what opens sockets is another, since a dry run must not load node:tls.
  outputOptions: {
    codeSplitting: {
      groups: [
        // The progress of both that follow.
        { name: 'core', test: from('src/index.ts', 'src/progress.ts'), priority: 4 },
        { name: 'sockets', test: from('src/http/connections.ts'), priority: 3 },
        { name: 'pack', test: from('src/archive/pack.ts', 'src/archive/uploadable.ts'), priority: 2 },
        { name: 'upload', test: from('src/upload/upload.ts', 'src/store/download.ts'), priority: 1 },
      ],
    },
  },
})
export default config
