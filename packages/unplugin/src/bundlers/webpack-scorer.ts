import { resolve } from 'node:path'

/** A module. Joined modules have a root module. */
interface Module {
  resource?: string
  rootModule?: { resource?: string }
}

/** The part of a compilation, of webpack or rspack, that says which file was built from which module. */
export interface Compilation {
  entries: ReadonlyMap<string, { dependencies: readonly object[] }>
  entrypoints: ReadonlyMap<string, { getEntrypointChunk(): { files: Iterable<string> } }>
  moduleGraph: { getModule(dependency: object): Module | null | undefined }
}

/** The built files that are entries → their modules. */
export function entriesOf(compilation: Compilation, dir: string): Map<string, string> {
  const { entries, entrypoints, moduleGraph } = compilation
  const found = new Map<string, string>()
  for (const [name, { dependencies }] of entries) {
    // With several modules, the entry has the exports of the last one.
    const module = dependencies.map((dependency) => moduleGraph.getModule(dependency)).at(-1)
    const resource = module?.rootModule?.resource ?? module?.resource
    const files = [...(entrypoints.get(name)?.getEntrypointChunk().files ?? [])]
    const script = files.map((file) => file.replace(/\?.*$/, '')).find((file) => /\.[cm]?js$/.test(file))
    if (resource && script) found.set(resolve(dir, script), resource)
  }
  return found
}

interface CompilerOptions {
  entry?: unknown
  target?: unknown
}

/** Builds the scorer, for Node, if the options have no entry: the compiler then has an entry without a module. */
export function nameScorer(options: CompilerOptions, score: string): void {
  const { entry } = options
  if (typeof entry !== 'object' || entry === null) return
  const named: { import?: unknown }[] = Object.values(entry)
  if (named.some((one) => one.import !== undefined)) return
  options.entry = { score: { import: [score], library: { type: 'commonjs2' } } }
  options.target ??= 'node'
}
