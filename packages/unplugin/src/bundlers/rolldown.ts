import { createRolldownPlugin } from 'unplugin'
import type { PluginOptions } from '../core/options.ts'
import { type RawPlugins, switchedOff, tidied } from '../core/plugin.ts'
import { createHooks, type RollupPlugin } from './rollup.ts'

export type { PluginOptions } from '../core/options.ts'

export type { RollupPlugin as RolldownPlugin } from './rollup.ts'

/** The hooks, for unplugin to make rolldown's plugin of: rollup's, which rolldown has too. */
export const raw: RawPlugins = (options) => {
  const hooks = createHooks(options)
  return hooks ? [{ name: hooks.name, rolldown: hooks }] : []
}
const make = createRolldownPlugin(raw)

/** Uploads the output of a good rolldown build, when the bundle is closed. */
export function fwEvaluator(options: PluginOptions): RollupPlugin {
  return tidied(make(options), 'rolldown')[0] ?? switchedOff()
}
export default fwEvaluator
