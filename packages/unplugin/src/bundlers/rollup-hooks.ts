import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Output, Part } from '../core/build.ts'
import { createFolders, type Folders } from '../core/folders.ts'

/** What we read of an output's options: of rollup's, of rolldown's, and so of every Vite's. */
export interface OutputOptions {
  dir?: string | undefined
  file?: string | undefined
  format?: string | undefined
}

/** What we read of a bundle. */
interface BundleFile {
  fileName: string
  code?: string
  source?: string | Uint8Array
  /** Of a chunk: that it is an entry, and the module which that is. */
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

/** What we read of the options of a build, and give back with our hooks around its plugins. */
export interface InputOptions {
  plugins?: unknown
  input?: unknown
  preserveEntrySignatures?: unknown
  /** Rolldown's: what its relative paths are relative to. */
  cwd?: string | undefined
  /** Rolldown's: what the output is for. */
  platform?: unknown
  output?: OutputOptions | readonly OutputOptions[] | undefined
  logLevel?: string | undefined
}

/** What one build of rollup, rolldown or Vite needs to tell how it went. */
export interface Watched {
  /** The plugin's name: bundlers print it beside a failure. */
  readonly name: string
  readonly part: Part
  readonly folders: Folders
  /** Output folders that are known before the first output begins. */
  readonly dirs: readonly string[]
  /** What relative output folders are relative to. */
  readonly cwd: string
}

/**
 * What a build with a scorer needs: the scorer as the only entry, where none is named, and entries that keep their
 * exports, which Vite drops from an app's.
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

/** The output's folder. */
export function folderOf(output: OutputOptions, cwd: string): string {
  return resolve(cwd, output.dir ?? (output.file === undefined ? '.' : dirname(output.file)))
}

/** For people: what a build is made of, without the project's own path. */
export function nameOfInput(input: unknown, root: string): string {
  const entries = typeof input === 'object' && input !== null ? Object.values(input) : [input]
  return entries.map((entry) => String(entry).replace(`${root}/`, '')).join(', ')
}

/** The folders of a build under `root`, and what others than the bundler have written to them when it has ended. */
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
 * `plugins` between two of ours. The first marks the part as not clean before any other plugin can throw; the last
 * marks it clean when no other plugin can throw any more. They are put there by the `options` hook because the
 * place of a user's plugin in the list is not ours to choose, and `order: 'post'` alone only sorts among its like: a
 * plugin further back, with the same order, would still run after us, and may throw or write then.
 *
 * No error is waited for: closeBundle comes without one after another plugin threw in generateBundle, renderChunk
 * or writeBundle, and Vite 8 calls it again without one after it came with one.
 */
export function surround(plugins: unknown, { name, part, folders, dirs, cwd }: Watched): unknown[] {
  const filesOf = (output: OutputOptions, bundle: Bundle) => {
    const dir = folderOf(output, cwd)
    return Object.values(bundle).map((file) => ({ path: resolve(dir, file.fileName), file }))
  }
  /** Files that were there before other plugins could remove them. */
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
        await folders.remember(folderOf(output, cwd))
      },
    },
    writeBundle: {
      order: 'pre',
      sequential: true,
      handler(output: OutputOptions, bundle: Bundle) {
        part.writes()
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
        const dir = folderOf(output, cwd)
        const entries = entriesOf(bundle, dir)
        part.wrote({ dir, files: new Map(files), inMemory: true, format: output.format, entries })
      },
    },
    // Sequential: rollup runs these hooks in parallel otherwise, and ours would not wait for the others.
    writeBundle: {
      order: 'post',
      sequential: true,
      handler(output: OutputOptions, bundle: Bundle) {
        const paths = filesOf(output, bundle).map(({ path }) => path)
        const files = new Map(paths.map((path) => [path, undefined]))
        const missing = paths.filter((path) => !present.has(path))
        const dir = folderOf(output, cwd)
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
