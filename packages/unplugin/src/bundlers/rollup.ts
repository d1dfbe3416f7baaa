import { resolve } from 'node:path'
import { createRollupPlugin } from 'unplugin'
import { createHost } from '../core/host.ts'
import type { PluginOptions } from '../core/options.ts'
import {
  createInstance,
  type RawPlugins,
  refuseDoor,
  refuseOutput,
  refuseTwins,
  switchedOff,
  tidied,
} from '../core/plugin.ts'
import {
  cwdOf,
  folderOf,
  followFolders,
  type InputOptions,
  nameOfInput,
  surround,
  withScorer,
} from './rollup-hooks.ts'

export type { PluginOptions, UploadFailure } from '../core/options.ts'

/** A plugin for rollup and rolldown. Its type fits `plugins` of both. */
export interface RollupPlugin {
  name: string
}

interface Context {
  meta: { watchMode: boolean; rolldownVersion?: string }
}

/** The hooks of rollup's and rolldown's plugin. */
export function createHooks(options: PluginOptions): RollupPlugin | undefined {
  const instance = createInstance(options)
  if (!instance) return undefined
  const { name } = instance
  let isInput = false
  const hooks = {
    name,
    options: {
      order: 'post',
      handler(this: Context, input: InputOptions) {
        isInput = true
        const root = input.cwd ?? process.cwd()
        const isWatch = this.meta.watchMode
        const isRolldown = this.meta.rolldownVersion !== undefined
        const plugins = [input.plugins].flat(Number.POSITIVE_INFINITY)
        // Not this.info and this.warn: some tools silence them, and rollup's command line has printed its warnings by
        // then.
        const host = createHost({ root, isSilent: input.logLevel === 'silent', cannotFail: isWatch })
        if (instance.skips(host, { isWatch, plugins })) return null
        const { root: at = root, scorer } = instance.options
        const built = withScorer(input, scorer && resolve(at, scorer.score))
        // Of itself rolldown builds for browsers, where what a package takes from Node is not there.
        if (scorer && !input.input && isRolldown) built.platform ??= 'node'
        const dirs = [input.output ?? []].flat().map((output) => folderOf(output, root))
        const folders = followFolders(root)
        const part = instance.open({
          id: `rollup ${root} ${JSON.stringify(built.input)} ${dirs.join()}`,
          name: nameOfInput(built.input, root),
          host,
          late: folders.late,
        })
        return {
          ...built,
          plugins: surround(input.plugins, { name, part, folders, dirs, cwd: cwdOf(input, isRolldown) }),
        }
      },
    },
    buildStart(input: { plugins: readonly { name: string }[] }) {
      refuseTwins(input.plugins, name)
    },
    outputOptions() {
      if (!isInput) refuseOutput()
    },
    // Vite calls this, rollup and rolldown do not.
    configResolved() {
      refuseDoor('rollup and rolldown', "in Vite's plugins", 'Import it from @fw/vite-plugin.')
    },
  }
  return hooks
}

/** The hooks, from which unplugin makes rollup's plugin. */
export const raw: RawPlugins = (options) => {
  const hooks = createHooks(options)
  return hooks ? [{ name: hooks.name, rollup: hooks }] : []
}
const make = createRollupPlugin(raw)

/**
 * Uploads an evaluator to Fireworks AI at the end of a successful rollup build. A failed upload fails the build. A
 * failed build and watch mode upload nothing.
 *
 * Needs `FIREWORKS_API_KEY` in the environment. Several outputs of one configuration make one upload.
 *
 * @throws TypeError on an unknown option, or one of the wrong type
 * @example
 * ```ts
 * // rollup.config.js
 * import { fwEvaluator } from '@fw/evaluator-unplugin/rollup'
 *
 * export default {
 *   input: 'src/score.js',
 *   output: { dir: 'dist' },
 *   plugins: [fwEvaluator({ evaluatorId: 'my-evaluator', include: ['*.py'] })],
 * }
 * ```
 */
export function fwEvaluator(options: PluginOptions): RollupPlugin {
  return tidied(make(options), 'rollup')[0] ?? switchedOff()
}
export default fwEvaluator
