import { defineConfig, type UserConfig } from 'tsdown'

const FACES = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'rsbuild', 'esbuild', 'farm', 'bun']
const faces = Object.fromEntries(FACES.map((name) => [name, `src/bundlers/${name}.ts`]))

const shared = { target: 'node20.19', fixedExtension: false, clean: false, dts: false } satisfies UserConfig

/** What is loaded when a build has ended is a file of its own, one for all faces. */
const uploadIsBuiltApart = {
  name: 'upload-is-built-apart',
  resolveId: (id: string) => (/\/upload\.ts$/.test(id) ? { id: './upload.js', external: true } : null),
}

/**
 * Unplugin matches globs for hooks that declare a filter, and joins source maps for those that transform. Ours do
 * neither, and both libraries would be three quarters of a face.
 */
const withoutFilters = {
  name: 'without-filters',
  resolveId: {
    order: 'pre' as const,
    handler: (id: string) => (/^(picomatch|@jridgewell\/remapping)$/.test(id) ? `\0unused:${id}` : null),
  },
  load: (id: string) => (id.startsWith('\0unused:') ? 'export default undefined' : null),
}

const config: UserConfig[] = defineConfig([
  {
    ...shared,
    clean: true,
    entry: { index: 'src/index.ts', ...faces },
    dts: { emitDtsOnly: true },
    copy: ['THIRD-PARTY.md'],
    publint: true,
  },
  { ...shared, entry: { upload: 'src/core/upload.ts' } },
  { ...shared, entry: { index: 'src/index.ts' }, plugins: [uploadIsBuiltApart] },
  // A face is one file, with what it needs of unplugin inside: a file costs its loader 0.7 ms on Node 20, at the top of
  // every build, and the whole of unplugin 37 ms.
  ...FACES.map(
    (name): UserConfig => ({
      ...shared,
      entry: { [name]: `src/bundlers/${name}.ts` },
      plugins: [uploadIsBuiltApart, withoutFilters],
      deps: { alwaysBundle: ['unplugin'], onlyBundle: ['unplugin', 'leven'] },
    }),
  ),
])
export default config
