import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { Output, Part } from '../core/build.ts'
import { createHost } from '../core/host.ts'
import type { PluginOptions } from '../core/options.ts'
import { createInstance, refuseDoor, refuseTwins, switchedOff, withDoors } from '../core/plugin.ts'
import { type Compilation, entriesOf, nameScorer } from './webpack-scorer.ts'

export type { PluginOptions, UploadFailure } from '../core/options.ts'

/** A plugin for webpack and rspack. Its type fits `plugins` of both. */
export type WebpackPlugin = {
  name: string
  apply(compiler: object): void
}

/** The part of a compiler that we use. */
interface Compiler {
  context: string
  outputPath: string
  options: {
    name?: string
    entry?: unknown
    target?: unknown
    output?: { path?: string; filename?: unknown }
    plugins: readonly unknown[]
  }
  hooks: {
    beforeRun: { tap(name: string, handler: () => void): void }
    watchRun: { tap(name: string, handler: () => void): void }
    afterEmit: {
      tap(
        options: { name: string; stage: number },
        handler: (compilation: Stats['compilation']) => void,
      ): void
    }
    failed: { tap(name: string, handler: () => void): void }
    done: {
      taps: readonly { name: string }[]
      tapPromise(options: { name: string; stage: number }, handler: (stats: Stats) => Promise<void>): void
    }
  }
  outputFileSystem: OutputFileSystem
}

interface OutputFileSystem {
  readFile(path: string, callback: (error: Error | null, bytes?: Uint8Array) => void): void
}

interface Stats {
  hasErrors(): boolean
  compilation: Compilation & {
    getAssets(): readonly { name: string }[]
    getPath(path: string, data: object): string
  }
}

/** After all other plugins: they may add errors, or write, in `done` too. */
const LAST = 1_000_000

/** Called when the first of several compilers runs that were created in one tick, as those of a list of configs are. */
let together: (() => void)[] | undefined
function madeTogether(): (() => void)[] {
  if (!together) {
    together = []
    queueMicrotask(() => {
      together = undefined
    })
  }
  return together
}

/** The names of our plugins in each compiler, because unplugin's plugins have no name. */
const namesOf = new WeakMap<object, string[]>()

/** The hooks of webpack's and rspack's plugin: a function that follows a compiler. */
export function createFollower(options: PluginOptions): WebpackPlugin | undefined {
  const instance = createInstance(options)
  if (!instance) return undefined
  const { name } = instance
  const follower = {
    name,
    apply(compiler: Compiler) {
      // Vite calls a function `apply` to ask whether a plugin is for this run.
      if (!compiler.hooks)
        refuseDoor('webpack and rspack', "in Vite's plugins", 'Import it from @fw/vite-plugin.')
      const names = [...(namesOf.get(compiler) ?? []), name]
      namesOf.set(compiler, names)
      refuseTwins(
        names.map((name) => ({ name })),
        name,
      )
      if (instance.options.scorer)
        nameScorer(compiler.options, resolve(compiler.context, instance.options.scorer.score))
      follow(compiler)
    },
  }

  function follow(compiler: Compiler): void {
    const { context, hooks, options } = compiler
    const { name: label, entry, target, output } = options
    const diskFileSystem = compiler.outputFileSystem
    const open = (cannotFail: boolean) =>
      instance?.open({
        id: ['webpack', context, JSON.stringify([label, entry, target, output?.path, output?.filename])].join(
          ' ',
        ),
        isAnnounced: true,
        name: relative(process.cwd(), output?.path ?? 'dist').replaceAll('\\', '/') || '.',
        host: createHost({ root: context, cannotFail }),
      })
    let part: Part | undefined
    let hasRun = false
    let isExpected = true
    /** Files that were there before other plugins could remove them. */
    const present = new Set<string>()
    const list = madeTogether()
    // In a list of configs the first compiler to end waits for the others. A compiler by itself may never run.
    const announce = () => {
      if (isExpected && compiler.hooks.done.taps.some((tap) => tap.name === 'MultiCompiler'))
        part ??= open(false)
    }
    list.push(announce)

    const begin = (isWatch: boolean) => {
      isExpected = false
      const isServer = compiler.outputFileSystem !== diskFileSystem
      const host = createHost({ root: context })
      const { plugins } = compiler.options
      // A dev server is a watcher with output in memory.
      if (instance?.skips(host, { isWatch, plugins }) || (isWatch && isServer)) {
        part?.drop()
        part = undefined
        return
      }
      // A compiler runs again in watch mode, or if a script calls run() again.
      if (isWatch && !hasRun) part?.drop()
      if (!part || isWatch || hasRun) part = open(isWatch)
      hasRun = true
      for (const announceOther of list.splice(0)) announceOther()
      part?.begin()
    }
    hooks.beforeRun.tap(name, () => begin(false))
    hooks.watchRun.tap(name, () => begin(true))
    hooks.afterEmit.tap({ name, stage: -LAST }, (compilation) => {
      part?.writes()
      present.clear()
      for (const path of pathsOf(compilation, compiler).paths) if (existsSync(path)) present.add(path)
    })
    hooks.failed.tap(name, () => {
      part?.end(false)
    })
    hooks.done.tapPromise({ name, stage: LAST }, async (stats) => {
      if (!part) return
      // This hook also runs after a failed build, in development mode with files on disk.
      if (stats.hasErrors()) return part.end(false)
      part.wrote(await outputOf(stats, compiler, compiler.outputFileSystem === diskFileSystem && present))
      // Thrown, and not added to the compilation's errors: Rsbuild and Rslib have counted those before this hook.
      await part.end()
    })
  }
  return follower
}

// Not made by unplugin: its `createWebpackPlugin` loads webpack-virtual-modules, which we do not need, makes a plugin
// without a name, and reads the options when the compiler is created, not when the plugin is.
/**
 * Uploads an evaluator to Fireworks AI at the end of a successful webpack or Rspack build. A failed upload fails the
 * build. A failed build, a dev server and watch mode upload nothing.
 *
 * Needs `FIREWORKS_API_KEY` in the environment. All compilers of a list that name one evaluator make one upload.
 *
 * @throws TypeError on an unknown option, or one of the wrong type
 * @example
 * ```ts
 * // webpack.config.js; for Rspack, import from '@fw/evaluator-unplugin/rspack'
 * import { fwEvaluator } from '@fw/evaluator-unplugin/webpack'
 *
 * export default {
 *   entry: './src/score.js',
 *   target: 'node',
 *   plugins: [fwEvaluator({ evaluatorId: 'my-evaluator', include: ['*.py'] })],
 * }
 * ```
 */
export function fwEvaluator(options: PluginOptions): WebpackPlugin {
  const follower = createFollower(options)
  return follower ? withDoors(follower, 'webpack and rspack') : { ...switchedOff(), apply() {} }
}
export default fwEvaluator

function pathsOf(compilation: Stats['compilation'], { outputPath }: Compiler) {
  // The folder may have the hash of the compilation in its name.
  const dir = compilation.getPath(outputPath, {})
  // The name of an asset may have a query.
  const paths = compilation.getAssets().map((asset) => resolve(dir, asset.name.replace(/\?.*$/, '')))
  return { dir, paths }
}

/** @param onDisk The files that were written to the disk, or `false` if they are in memory. */
async function outputOf(
  stats: Stats,
  compiler: Compiler,
  onDisk: ReadonlySet<string> | false,
): Promise<Output> {
  const { dir, paths } = pathsOf(stats.compilation, compiler)
  if (onDisk) {
    const missing = paths.filter((path) => !onDisk.has(path) && !existsSync(path))
    return {
      dir,
      files: new Map(paths.map((path) => [path, undefined])),
      missing,
      entries: entriesOf(stats.compilation, dir),
    }
  }
  const { outputFileSystem } = compiler
  const read = (path: string) =>
    new Promise<Uint8Array>((resolve, reject) => {
      outputFileSystem.readFile(path, (error, bytes) =>
        bytes ? resolve(bytes) : reject(error ?? new Error(`${path} is empty`)),
      )
    })
  const files = await Promise.all(paths.map(async (path) => [path, await read(path)] as const))
  return { dir, files: new Map(files), inMemory: true, entries: entriesOf(stats.compilation, dir) }
}
