import { createEsbuildPlugin } from 'unplugin'
import { type BuildState, createBuildState, type Part } from '../core/build.ts'
import { isSwitchedOff, type PluginOptions } from '../core/options.ts'
import {
  createInstance,
  type Host,
  isFailure,
  NOT_IN_WATCH_MODE,
  type RawPlugins,
  refuseTwins,
  switchedOff,
} from '../core/plugin.ts'
import { createVoice } from './esbuild-messages.ts'
import { nameScorer, outputOf } from './esbuild-output.ts'
import type { EsbuildBuild, EsbuildMessages, EsbuildResult } from './esbuild-types.ts'

export type { PluginOptions } from '../core/options.ts'

/** An esbuild plugin, in a form that goes into `plugins` under the types of every version from 0.17 on. */
export interface EsbuildPlugin {
  name: string
  /** Called by esbuild. */
  setup(build: EsbuildBuild): void
}

/** The hooks, for unplugin to make esbuild's plugin of. */
export const raw: RawPlugins = (options) => {
  const instance = createInstance(options)
  if (!instance) return []
  const { name } = instance
  let state: BuildState | undefined
  let ending: Host | undefined
  let open = 0
  let count = 0

  const hooks = {
    setup(build: EsbuildBuild) {
      const { initialOptions } = build
      refuseTwins(initialOptions.plugins ?? [], name)
      initialOptions.metafile = true
      if (instance.options.scorer) nameScorer(initialOptions, instance.options.scorer.score)
      const label = String(count++)
      const voice = createVoice(build, name)
      let round = 0
      let part: Part | undefined

      build.onStart(() => {
        part = undefined
        if (++round > 1 && !instance.options.watch) return instance.sayOnce(voice.host, NOT_IN_WATCH_MODE)
        if (open++ === 0) {
          state = createBuildState(async (parts) => {
            if (ending) await instance.upload(parts, ending)
          })
        }
        part = state?.open(label)
        // Callbacks registered now come after those of all other plugins, which may still fail, or write.
        if (round === 1) build.onEnd(atEnd)
      })
      // Esbuild runs no onEnd callbacks unless one was registered during setup.
      build.onEnd(async () => undefined)

      async function atEnd(result: EsbuildResult): Promise<EsbuildMessages | undefined> {
        if (!part) return undefined
        open--
        ending = voice.host
        if (result.errors.length === 0) part.wrote(outputOf(result, initialOptions))
        try {
          await part.end()
        } catch (error) {
          if (!isFailure(error)) throw error
          return voice.fail(error.text, error.hints)
        }
        return voice.warnings()
      }
    },
  }
  return [{ name, esbuild: hooks }]
}
const make = createEsbuildPlugin(raw)

/**
 * Uploads the output of a good esbuild build. Builds of one plugin that overlap (as tsup's formats do) are one.
 * Esbuild does not tell a watched or served build from a single one until it is built again: the first goes up.
 */
export function fwEvaluator(options: PluginOptions): EsbuildPlugin {
  return isSwitchedOff(options, process.env) ? { ...switchedOff(), setup() {} } : make(options)
}
export default fwEvaluator
