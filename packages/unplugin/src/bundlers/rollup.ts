import { resolve } from 'node:path'
import { createRollupPlugin } from 'unplugin'
import { createBuildState } from '../core/build.ts'
import { createFolders } from '../core/folders.ts'
import type { PluginOptions } from '../core/options.ts'
import {
  createInstance,
  type Host,
  NOT_IN_WATCH_MODE,
  type RawPlugins,
  refuseTwins,
  switchedOff,
  tidied,
} from '../core/plugin.ts'
import { folderOf, type InputOptions, surround, withScorer } from './rollup-hooks.ts'

export type { PluginOptions } from '../core/options.ts'

/** A plugin for rollup and rolldown, in a form that goes into `plugins` under the types of each. */
export interface RollupPlugin {
  name: string
}

interface Context {
  meta: { watchMode: boolean }
  info(message: string): void
}

/** What rollup's plugin and rolldown's are made of. */
export function createHooks(options: PluginOptions): { name: string } | undefined {
  const instance = createInstance(options)
  if (!instance) return undefined
  const root = process.cwd()
  const ofWatcher = createFolders(root)
  const hooks = {
    name: instance.name,
    options: {
      order: 'post',
      handler(this: Context, input: InputOptions) {
        const host: Host = {
          root,
          stream: process.stderr,
          cannotFail: this.meta.watchMode,
          info: (text) => this.info(text),
          // Not this.warn: rollup's command line collects warnings, and has printed them when a bundle is closed.
          warn: (text) => {
            if (input.logLevel !== 'silent') console.warn(text)
          },
        }
        if (this.meta.watchMode && !instance.options.watch) {
          instance.sayOnce(host, NOT_IN_WATCH_MODE)
          return null
        }
        const state = createBuildState((parts) => instance.upload(parts, host))
        const plugins = surround(input.plugins, {
          name: instance.name,
          part: state.open('rollup'),
          folders: this.meta.watchMode ? ofWatcher : createFolders(root),
          dirs: [input.output ?? []].flat().map(folderOf),
        })
        const score = instance.options.scorer && resolve(root, instance.options.scorer.score)
        return { ...withScorer(input, score), plugins }
      },
    },
    buildStart(input: { plugins: readonly { name: string }[] }) {
      refuseTwins(input.plugins, instance.name)
    },
  }
  return hooks
}

/** The hooks, for unplugin to make rollup's plugin of. */
export const raw: RawPlugins = (options) => {
  const hooks = createHooks(options)
  return hooks ? [{ name: hooks.name, rollup: hooks }] : []
}
const make = createRollupPlugin(raw)

/** Uploads the output of a good rollup build, when the bundle is closed. */
export function fwEvaluator(options: PluginOptions): RollupPlugin {
  return tidied(make(options), 'rollup')[0] ?? switchedOff()
}
export default fwEvaluator
