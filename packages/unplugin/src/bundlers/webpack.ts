import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { type BuildState, createBuildState, type Output, type Part } from '../core/build.ts'
import type { PluginOptions } from '../core/options.ts'
import {
  createInstance,
  type Host,
  type Instance,
  isFailure,
  NOT_IN_WATCH_MODE,
  refuseTwins,
  switchedOff,
} from '../core/plugin.ts'
import { type Compilation, entriesOf, nameScorer } from './webpack-scorer.ts'

export type { PluginOptions } from '../core/options.ts'

/** A plugin for webpack and rspack, in a form that goes into `plugins` under the types of both. */
export type WebpackPlugin = {
  name: string
  apply(compiler: object): void
}

/** What we use of a compiler, of either. */
interface Compiler {
  context: string
  outputPath: string
  options: CompilerOptions
  hooks: {
    beforeRun: { tap(name: string, handler: () => void): void }
    watchRun: { tap(name: string, handler: () => void): void }
    failed: { tap(name: string, handler: () => void): void }
    done: {
      tapPromise(options: { name: string; stage: number }, handler: (stats: Stats) => Promise<void>): void
    }
  }
  getInfrastructureLogger(name: string): { info(message: string): void; warn(message: string): void }
  outputFileSystem: OutputFileSystem
}

/** What we read of a compiler's options, and set where they name no entry. */
interface CompilerOptions {
  plugins: readonly unknown[]
  entry?: unknown
  target?: unknown
}

interface OutputFileSystem {
  readFile(path: string, callback: (error: Error | null, bytes?: Uint8Array) => void): void
}

interface Stats {
  hasErrors(): boolean
  compilation: Compilation & { getAssets(): readonly { name: string }[]; errors: Error[] }
}

/** After all other plugins: they may add errors, or write, in `done` too. */
const LAST = 1_000_000

/** What webpack's plugin and rspack's are made of: a function that follows a compiler. */
export function createFollower(options: PluginOptions): WebpackPlugin | undefined {
  const instance = createInstance(options)
  if (!instance) return undefined
  let host: Host | undefined
  let compilers = 0
  const state = createBuildState(async (parts) => {
    if (host) await instance.upload(parts, host)
  })
  const follower = {
    name: instance.name,
    apply(compiler: Compiler) {
      refuseTwins(compiler.options.plugins, instance.name)
      if (instance.options.scorer)
        nameScorer(compiler.options, resolve(compiler.context, instance.options.scorer.score))
      const logger = compiler.getInfrastructureLogger(instance.name)
      host ??= {
        root: compiler.context,
        stream: process.stderr,
        info: (text) => logger.info(text),
        warn: (text) => logger.warn(text),
      }
      follow(compiler, instance, host, state, String(compilers++))
    },
  }
  return follower
}

/**
 * Uploads the output of a good webpack build, from the `done` hook. A plugin that is in several compilers of a
 * multi-compiler uploads once, when the last has ended.
 *
 * Not made by unplugin: its `createWebpackPlugin` loads the package webpack-virtual-modules for files that we have none
 * of, makes the plugin without a name, and looks at the options when the compiler is made, not when the plugin is.
 */
export function fwEvaluator(options: PluginOptions): WebpackPlugin {
  return createFollower(options) ?? { ...switchedOff(), apply() {} }
}
export default fwEvaluator

function follow(compiler: Compiler, instance: Instance, host: Host, state: BuildState, label: string): void {
  const { name, options } = instance
  const diskFileSystem = compiler.outputFileSystem
  // Opened here and not when it runs, so that the first compiler to end waits for those that have not begun.
  let part: Part | undefined = state.open(label)

  compiler.hooks.beforeRun.tap(name, () => {
    part = state.open(label)
  })
  compiler.hooks.watchRun.tap(name, () => {
    // A dev server is a watcher that serves from memory.
    const isServer = compiler.outputFileSystem !== diskFileSystem
    if (!options.watch) instance.sayOnce(host, NOT_IN_WATCH_MODE)
    part = options.watch && !isServer ? state.open(label) : undefined
  })
  compiler.hooks.failed.tap(name, () => {
    part?.end(false)
  })
  compiler.hooks.done.tapPromise({ name, stage: LAST }, async (stats) => {
    if (!part) return
    // A compiler that fails comes here too, in development mode with files on disk.
    if (stats.hasErrors()) return part.end(false)
    part.wrote(await outputOf(stats, compiler, compiler.outputFileSystem === diskFileSystem))
    try {
      await part.end()
    } catch (error) {
      if (!isFailure(error)) throw error
      stats.compilation.errors.push(error)
    }
  })
}

async function outputOf(stats: Stats, compiler: Compiler, isOnDisk: boolean): Promise<Output> {
  const dir = compiler.outputPath
  // An asset's name may bear a query.
  const paths = stats.compilation.getAssets().map((asset) => resolve(dir, asset.name.replace(/\?.*$/, '')))
  const read = promisify(compiler.outputFileSystem.readFile.bind(compiler.outputFileSystem))
  const files = await Promise.all(
    paths.map(async (path) => [path, isOnDisk ? undefined : await read(path)] as const),
  )
  return { dir, files: new Map(files), entries: entriesOf(stats.compilation, dir) }
}
