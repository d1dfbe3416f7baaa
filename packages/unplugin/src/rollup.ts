import { createBuildState } from './build-state.ts'
import { createFolders } from './folders.ts'
import { createInstance, type Host, NOT_IN_WATCH_MODE, PLUGIN_NAME, refuseTwins } from './instance.ts'
import type { PluginOptions } from './options.ts'
import { folderOf, type InputOptions, surround } from './rollup-hooks.ts'

/** A plugin for rollup and rolldown, in a form that goes into `plugins` under the types of each. */
export interface RollupPlugin {
  name: string
}

interface Context {
  meta: { watchMode: boolean }
  info(message: string): void
}

/** Uploads the output of a good rollup or rolldown build, when the bundle is closed. */
export function fwEvaluator(options: PluginOptions): RollupPlugin {
  const instance = createInstance(options)
  if (!instance) return { name: PLUGIN_NAME }
  const root = process.cwd()
  const ofWatcher = createFolders(root)
  const plugin = {
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
        return { ...input, plugins }
      },
    },
    buildStart(input: { plugins: readonly { name: string }[] }) {
      refuseTwins(input.plugins, instance.name)
    },
  }
  return plugin
}
export default fwEvaluator
