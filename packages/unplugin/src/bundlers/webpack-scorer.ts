import { resolve } from 'node:path'

/** A module: one that was joined with others stands for its root. */
interface Module {
  resource?: string
  rootModule?: { resource?: string }
}

/** What we read of a compilation, of webpack or rspack, to know what was built from which module. */
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
    // Of several modules the last one's exports are the entry's.
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

/** Builds the scorer, for Node, where the options name no entry: what is there then is an entry without a module. */
export function nameScorer(options: CompilerOptions, score: string): void {
  const { entry } = options
  if (typeof entry !== 'object' || entry === null) return
  const named: { import?: unknown }[] = Object.values(entry)
  if (named.some((one) => one.import !== undefined)) return
  options.entry = { score: { import: [score], library: { type: 'commonjs2' } } }
  options.target ??= 'node'
}
