import fs, { promises } from 'node:fs'
import { defineConfig, type UserConfig } from 'tsdown'
import { shared as common } from '../../tsdown.shared.ts'

/** At the top of the commonest configs. A file costs its loader 0.7 ms on Node 20, so each of these is one file. */
const ALONE = ['vite', 'esbuild']
const SHARING = ['rollup', 'rolldown', 'webpack', 'rspack', 'rsbuild', 'farm', 'bun']

const entries = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, `src/bundlers/${name}.ts`]))

const shared = {
  ...common,
  clean: false,
  dts: false,
  // Of the whole package, with the declarations.
  publint: false,
  // Editors read the declarations. Paths of modules would hold the versions of all peers of the workspace.
  outputOptions: { comments: { jsdoc: false } },
  inputOptions: { experimental: { attachDebugInfo: 'none' } },
} satisfies UserConfig

/** What is loaded when a build has ended is a file of its own, one for all faces. */
const uploadIsBuiltApart = {
  name: 'upload-is-built-apart',
  resolveId: (id: string) => (/\/upload\.ts$/.test(id) ? { id: './upload.js', external: true } : null),
}

/** The index hands out unplugin's own instance, whose loaders for webpack are files of that package. */
const unpluginOfTheIndexIsOutside = {
  name: 'unplugin-of-the-index-is-outside',
  resolveId: {
    order: 'pre' as const,
    handler: (id: string, importer: string | undefined) =>
      id === 'unplugin' && importer?.endsWith('src/index.ts') ? { id, external: true } : null,
  },
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

/**
 * Node fills in every name of node:fs for the first ES module that imports it, those of fs.promises too. That is 2 to 3 ms
 * at the top of every config, for what a face needs when a build ends. So each function fetches the module when called.
 */
const fsIsLoadedLate = {
  name: 'fs-is-loaded-late',
  resolveId: {
    order: 'pre' as const,
    handler: (id: string) => (/^node:fs(\/promises)?$/.test(id) ? `\0late:${id}` : null),
  },
  load(id: string) {
    if (!id.startsWith('\0late:')) return null
    const names = Object.entries(id.endsWith('promises') ? promises : fs).filter(
      ([, value]) => typeof value === 'function',
    )
    const late = `process.getBuiltinModule('${id.slice('\0late:'.length)}')`
    return [
      ...names.map(([name]) => `export const ${name} = (...args) => ${late}.${name}(...args)`),
      `export default /* @__PURE__ */ new Proxy({}, { get: (_, name) => ${late}[name] })`,
    ].join('\n')
  },
}

/** Checks a scorer's options when the plugin is made, and is 2 kB. The rest of that package is for later. */
const OPTIONS = '@fw/evaluator-scorer/options'

/** Unplugin's factories are inside of a face: to load the package takes 37 ms on Node 20. */
const faces = {
  ...shared,
  plugins: [uploadIsBuiltApart, unpluginOfTheIndexIsOutside, withoutFilters, fsIsLoadedLate],
  deps: { alwaysBundle: ['unplugin', OPTIONS], onlyBundle: ['unplugin', 'leven', OPTIONS] },
} satisfies UserConfig

const config: UserConfig[] = defineConfig([
  {
    ...shared,
    clean: true,
    entry: { index: 'src/index.ts', ...entries([...ALONE, ...SHARING]) },
    dts: { emitDtsOnly: true },
    copy: ['THIRD-PARTY.md'],
    publint: true,
  },
  { ...shared, exports: false, entry: { upload: 'src/core/upload.ts' } },
  ...ALONE.map((name): UserConfig => ({ ...faces, entry: entries([name]) })),
  {
    ...faces,
    entry: { index: 'src/index.ts', ...entries(SHARING) },
    outputOptions: {
      ...faces.outputOptions,
      codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] },
    },
  },
])
export default config
