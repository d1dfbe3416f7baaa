import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Output, Part } from '../core/build.ts'
import { createFolders, type Folders } from '../core/folders.ts'

/** The options of an output that we read: of rollup and rolldown, and so of every Vite. */
export interface OutputOptions {
  dir?: string | undefined
  file?: string | undefined
  format?: string | undefined
}

/** The part of a bundle that we read. */
interface BundleFile {
  fileName: string
  code?: string
  source?: string | Uint8Array
  /** For a chunk: whether it is an entry, and its module. */
  isEntry?: boolean
  facadeModuleId?: string | null
}
type Bundle = Record<string, BundleFile>

/** The built files that are entries → their modules. */
function entriesOf(bundle: Bundle, dir: string): Map<string, string> {
  const entries = Object.values(bundle).flatMap(({ fileName, isEntry, facadeModuleId }) =>
    isEntry && facadeModuleId ? [[resolve(dir, fileName), facadeModuleId] as const] : [],
  )
  return new Map(entries)
}

/** The options of a build that we read, and return with our hooks around its plugins. */
export interface InputOptions {
  plugins?: unknown
  input?: unknown
  preserveEntrySignatures?: unknown
  /** In rolldown: the folder that relative paths are relative to. */
  cwd?: string | undefined
  /** Rolldown's: what the output is for. */
  platform?: unknown
  output?: OutputOptions | readonly OutputOptions[] | undefined
  logLevel?: string | undefined
}

/** A build of rollup, rolldown or Vite that we follow. */
export interface Watched {
  /** The plugin's name, which bundlers print with a failure. */
  readonly name: string
  readonly part: Part
  readonly folders: Folders
  /** Output folders that are known before the first output starts. */
  readonly dirs: readonly string[]
  /** The folder that relative output folders are relative to, at this moment. */
  cwd(): string
}

/**
 * Options for a build with a scorer: the scorer as the only entry, if the config has none, and entries that keep their
 * exports, which Vite removes from an app's entries.
 */
export function withScorer(input: InputOptions, score: string | undefined): InputOptions {
  if (score === undefined) return input
  const { preserveEntrySignatures: keeps } = input
  return {
    ...input,
    input: input.input || score,
    preserveEntrySignatures: keeps === false ? 'strict' : keeps,
  }
}

/**
 * The folder that relative output folders are relative to. Rolldown fixes it at the start. Rollup uses the working
 * directory at the moment of the write, which another plugin may have changed.
 */
export function cwdOf({ cwd }: InputOptions, isRolldown: boolean): () => string {
  const own = cwd ?? process.cwd()
  return isRolldown ? () => own : process.cwd
}

/** The folder of an output. */
export function folderOf(output: OutputOptions, cwd: string): string {
  return resolve(cwd, output.dir ?? (output.file === undefined ? '.' : dirname(output.file)))
}

/** The name of a build for people, without the project's path. */
export function nameOfInput(input: unknown, root: string): string {
  const entries = typeof input === 'object' && input !== null ? Object.values(input) : [input]
  return entries.map((entry) => String(entry).replace(`${root}/`, '')).join(', ')
}

/** The output folders of a build, and the files that other plugins have written to them. */
export function followFolders(root: string): Folders & { late(): Promise<Output[]> } {
  const folders = createFolders(root)
  const late = async () =>
    (await folders.written()).map(({ dir, files }) => ({
      dir,
      files: new Map(files.map((file) => [file, undefined])),
    }))
  return { ...folders, late }
}

/**
 * Puts `plugins` between two of ours. The first one marks the part as incomplete before any other plugin can throw. The
 * last one marks it as complete when no other plugin can throw any more. The `options` hook does this, because a plugin
 * cannot choose its place in the list, and `order: 'post'` sorts only among hooks of that order: a later plugin with
 * the same order would still run after ours, and could throw or write then.
 *
 * An error is no reliable sign: rollup calls closeBundle without one after another plugin threw in generateBundle,
 * renderChunk or writeBundle, and Vite 8 calls it again without one after a call with one.
 */
export function surround(plugins: unknown, { name, part, folders, dirs, cwd }: Watched): unknown[] {
  /** The folder of each written output. Another plugin may change the working directory afterwards. */
  const writtenTo = new WeakMap<OutputOptions, string>()
  const dirOf = (output: OutputOptions) => writtenTo.get(output) ?? folderOf(output, cwd())
  const filesOf = (output: OutputOptions, bundle: Bundle) => {
    const dir = dirOf(output)
    return Object.values(bundle).map((file) => ({ path: resolve(dir, file.fileName), file }))
  }
  /** Written files, noted before other plugins can remove them. */
  const present = new Set<string>()
  let hasEnded = true

  const first = {
    name: `${name}:begin`,
    buildStart: {
      order: 'pre',
      async handler() {
        part.begin()
        if (hasEnded) folders.nextRound()
        hasEnded = false
        await Promise.all(dirs.map((dir) => folders.remember(dir)))
      },
    },
    outputOptions: {
      order: 'pre',
      handler() {
        part.begin()
        return null
      },
    },
    renderStart: {
      order: 'pre',
      async handler(output: OutputOptions) {
        await folders.remember(folderOf(output, cwd()))
      },
    },
    writeBundle: {
      order: 'pre',
      sequential: true,
      handler(output: OutputOptions, bundle: Bundle) {
        part.writes()
        writtenTo.set(output, folderOf(output, cwd()))
        for (const { path } of filesOf(output, bundle)) if (existsSync(path)) present.add(path)
      },
    },
    closeBundle: {
      order: 'pre',
      sequential: true,
      handler() {
        part.closes()
      },
    },
  }
  const last = {
    name: `${name}:end`,
    generateBundle: {
      order: 'post',
      handler(output: OutputOptions, bundle: Bundle, isWrite: boolean) {
        if (isWrite) return
        const files = filesOf(output, bundle).map(
          ({ path, file }) => [path, file.code ?? file.source ?? ''] as const,
        )
        const dir = dirOf(output)
        const entries = entriesOf(bundle, dir)
        part.wrote({ dir, files: new Map(files), inMemory: true, format: output.format, entries })
      },
    },
    // Sequential, because rollup otherwise runs these hooks in parallel, and ours would not wait for the others.
    writeBundle: {
      order: 'post',
      sequential: true,
      handler(output: OutputOptions, bundle: Bundle) {
        const paths = filesOf(output, bundle).map(({ path }) => path)
        const files = new Map(paths.map((path) => [path, undefined]))
        const missing = paths.filter((path) => !present.has(path))
        const dir = dirOf(output)
        part.wrote({ dir, files, missing, format: output.format, entries: entriesOf(bundle, dir) })
      },
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler(error?: unknown) {
        hasEnded = true
        present.clear()
        await part.end(!error && part.isClean())
      },
    },
  }
  return [first, plugins, last]
}
