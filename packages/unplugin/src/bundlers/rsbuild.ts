import { createRsbuildPlugin } from 'unplugin'
import type { PluginOptions } from '../core/options.ts'
import { type RawPlugins, switchedOff, withDoors } from '../core/plugin.ts'
import { createFollower } from './webpack.ts'

export type { PluginOptions, UploadFailure } from '../core/options.ts'

/** A plugin for Rsbuild and Rslib. */
export interface RsbuildPlugin {
  name: string
  /** Called by Rsbuild. */
  setup(api: object): void | Promise<void>
}

/** The part of Rsbuild's plugin API that we use. */
interface RsbuildApi {
  modifyRspackConfig(change: (config: { plugins?: unknown[] }) => void): void
}

/**
 * The hooks, from which unplugin makes plugins for tools with rspack or webpack inside. In Rsbuild, it does not call
 * `rspack`, so the follower goes into the config of every environment's compiler.
 */
export const raw: RawPlugins = (options) => {
  const follower = createFollower(options)
  if (!follower) return []
  const { name, apply } = follower
  const rsbuild = {
    setup: ({ modifyRspackConfig }: RsbuildApi) =>
      modifyRspackConfig((config) => {
        config.plugins = [...(config.plugins ?? []), follower]
      }),
  }
  return [{ name, rsbuild, rspack: apply, webpack: apply }]
}
const make = createRsbuildPlugin(raw)

/**
 * Uploads an evaluator to Fireworks AI at the end of a successful Rsbuild or Rslib build. A failed upload fails the
 * build. A failed build, a dev server and watch mode upload nothing.
 *
 * Needs `FIREWORKS_API_KEY` in the environment.
 *
 * @throws TypeError on an unknown option, or one of the wrong type
 * @example
 * ```ts
 * // rsbuild.config.ts
 * import { fwEvaluator } from '@fw/evaluator-unplugin/rsbuild'
 * import { defineConfig } from '@rsbuild/core'
 *
 * export default defineConfig({
 *   plugins: [fwEvaluator({ evaluatorId: 'my-evaluator', include: ['*.py'] })],
 * })
 * ```
 */
export function fwEvaluator(options: PluginOptions): RsbuildPlugin {
  const [plugin] = [make(options)].flat()
  return plugin ? withDoors(plugin, 'Rsbuild and Rslib') : { ...switchedOff(), setup() {} }
}
export default fwEvaluator
