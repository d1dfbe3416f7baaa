import { resolve } from 'node:path'
import { createFarmPlugin } from 'unplugin'
import { createHost } from '../core/host.ts'
import type { PluginOptions } from '../core/options.ts'
import {
  createInstance,
  isFailure,
  type RawPlugins,
  refuseDoor,
  refuseTwins,
  switchedOff,
  tidied,
  withDoors,
} from '../core/plugin.ts'
import { followFolders } from './rollup-hooks.ts'

export type { PluginOptions, UploadFailure } from '../core/options.ts'

/** A Farm plugin. */
export interface FarmPlugin {
  name: string
}

/** The part of Farm's resolved config that we use. */
interface Config {
  root: string
  /** None where it is Vite's. */
  compilation?: { mode?: string; watch?: unknown }
  jsPlugins?: readonly unknown[]
}

/** The part of Farm's compiler that we use. */
interface Compiler {
  config: { config: { root: string; output: { path: string } } }
  compile(): Promise<void>
  writeResourcesToDisk(): void
  resources(): Record<string, Uint8Array>
}

/**
 * The hooks, for unplugin to make Farm's plugin of. Farm has no hook that it waits for once the output is written, so
 * the upload goes where it does wait: at the end of `compile`, for which the output is written there and not after it.
 * Farm prints the failure of a build and lets the process end well; a failed upload sets the exit code.
 */
export const raw: RawPlugins = (options) => {
  const instance = createInstance(options)
  if (!instance) return []
  let root = process.cwd()
  let isWatcher = false
  let isServer = false
  const hooks = {
    name: instance.name,
    configResolved(config: Config) {
      if (!config.compilation) refuseDoor('Farm', "in Vite's plugins", 'Import it from @fw/vite-plugin.')
      refuseTwins(config.jsPlugins ?? [], instance.name)
      root = config.root
      isWatcher = config.compilation.mode === 'development' || Boolean(config.compilation.watch)
    },
    configureDevServer() {
      isServer = true
    },
    configureCompiler(compiler: Compiler) {
      const compile = compiler.compile.bind(compiler)
      const write = compiler.writeResourcesToDisk.bind(compiler)
      const host = createHost({ root })
      const folders = followFolders(root)
      let isWritten = false
      const skips = () => isServer || instance.skips(host, { isWatch: isWatcher })

      const open = () => {
        const { root: from, output } = compiler.config.config
        const dir = resolve(from, output.path)
        const part = instance.open({
          id: `farm ${dir}`,
          isUnique: true,
          name: output.path,
          host,
          late: folders.late,
        })
        part.begin()
        return { part, dir }
      }
      const finish = async ({ part, dir }: ReturnType<typeof open>) => {
        const names = Object.entries(compiler.resources())
        const files = names.map(
          ([name, bytes]) => [resolve(dir, name.replace(/[?#].*$/, '')), bytes] as const,
        )
        part.wrote({ dir, files: new Map(files) })
        await part.end().catch((error: unknown) => {
          process.exitCode = 1
          console.error(isFailure(error) ? error.message : error)
        })
      }

      compiler.compile = async () => {
        const { root: from, output } = compiler.config.config
        folders.nextRound()
        await folders.remember(resolve(from, output.path))
        if (skips()) return compile()
        const opened = open()
        try {
          await compile()
        } catch (error) {
          await opened.part.end(false)
          throw error
        }
        if (skips()) return opened.part.drop()
        write()
        isWritten = true
        await finish(opened)
      }
      compiler.writeResourcesToDisk = () => {
        if (isWritten) {
          isWritten = false
          return
        }
        write()
        if (isWatcher && !skips()) finish(open())
      }
    },
  }
  const farm: FarmPlugin = withDoors(hooks, 'Farm')
  return [{ name: farm.name, farm }]
}
const make = createFarmPlugin(raw)

/**
 * Uploads an evaluator to Fireworks AI at the end of a successful Farm build. A failed upload fails the build. A failed
 * build, a dev server and watch mode upload nothing.
 *
 * Needs `FIREWORKS_API_KEY` in the environment.
 *
 * @throws TypeError on an unknown option, or one of the wrong type
 * @example
 * ```ts
 * // farm.config.ts
 * import { defineConfig } from '@farmfe/core'
 * import { fwEvaluator } from '@fw/evaluator-unplugin/farm'
 *
 * export default defineConfig({
 *   plugins: [fwEvaluator({ evaluatorId: 'my-evaluator', include: ['*.py'] })],
 * })
 * ```
 */
export function fwEvaluator(options: PluginOptions): FarmPlugin {
  return tidied(make(options), 'farm')[0] ?? switchedOff()
}
export default fwEvaluator
