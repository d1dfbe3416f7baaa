import { createRolldownPlugin } from 'unplugin'
import type { PluginOptions } from '../core/options.ts'
import { type RawPlugins, switchedOff, tidied } from '../core/plugin.ts'
import { createHooks, type RollupPlugin } from './rollup.ts'

export type { PluginOptions, UploadFailure } from '../core/options.ts'

export type { RollupPlugin as RolldownPlugin } from './rollup.ts'

/** The hooks, from which unplugin makes rolldown's plugin. They are rollup's. */
export const raw: RawPlugins = (options) => {
  const hooks = createHooks(options)
  return hooks ? [{ name: hooks.name, rolldown: hooks }] : []
}
const make = createRolldownPlugin(raw)

/**
 * Uploads an evaluator to Fireworks AI at the end of a successful rolldown build. A failed upload fails the build. A
 * failed build and watch mode upload nothing.
 *
 * Needs `FIREWORKS_API_KEY` in the environment. Several outputs of one configuration make one upload.
 *
 * @throws TypeError on an unknown option, or one of the wrong type
 * @example
 * ```ts
 * // rolldown.config.js
 * import { fwEvaluator } from '@fw/evaluator-unplugin/rolldown'
 *
 * export default {
 *   input: 'src/score.ts',
 *   output: { dir: 'dist' },
 *   plugins: [fwEvaluator({ evaluatorId: 'my-evaluator', include: ['*.py'] })],
 * }
 * ```
 */
export function fwEvaluator(options: PluginOptions): RollupPlugin {
  return tidied(make(options), 'rolldown')[0] ?? switchedOff()
}
export default fwEvaluator
