import type { UnpluginOptions } from 'unplugin'
import type { CleanPart } from './build.ts'
import type { PluginFailure } from './failure.ts'
import type { Host } from './host.ts'
import { type PluginOptions, type ResolvedOptions, resolveOptions } from './options.ts'
import { createQueue } from './queue.ts'

export type { Host } from './host.ts'

/** What the plugins of all bundlers share: one call of `fwEvaluator` in a configuration. */
export interface Instance {
  /** The plugin's name, with the evaluator's id in it: two instances are two plugins. */
  readonly name: string
  readonly options: ResolvedOptions
  /** Uploads, one at a time; loads all that is needed for it. */
  upload(parts: readonly CleanPart[], host: Host): Promise<void>
  /** Says `message` the first time only. */
  sayOnce(host: Host, message: string): void
}

/** Said once per plugin. */
export const NOT_IN_WATCH_MODE =
  'fwEvaluator: nothing is uploaded in watch mode. (watch: true uploads after every good rebuild.)'

/** The hooks for one bundler, in the form that unplugin takes them in. None where the plugin is switched off. */
export type RawPlugins = (options: PluginOptions) => UnpluginOptions[]

/**
 * What unplugin has made for a bundler, as that bundler's face hands it out: without the key under which the hooks
 * went in, and, where it is switched off, without the `buildStart` that unplugin adds to every plugin.
 */
export function tidied<Plugin extends { name: string }>(
  made: Plugin | Plugin[],
  key: 'vite' | 'rollup' | 'rolldown' | 'farm',
): Plugin[] {
  const plugins = Array.isArray(made) ? made : [made]
  for (const plugin of plugins) Reflect.deleteProperty(plugin, key)
  return plugins
}

/** A plugin that is switched off: no hooks at all. */
export function switchedOff(): { name: string } {
  return { name: PLUGIN_NAME }
}

/** The name of a plugin that is switched off, and the beginning of all others. */
const PLUGIN_NAME = 'fw-evaluator'

/**
 * Resolves the options of one plugin; `undefined` when it is switched off.
 * @throws TypeError as {@link resolveOptions} does.
 */
export function createInstance(raw: PluginOptions): Instance | undefined {
  const options = resolveOptions(raw, process.env)
  if (!options) return undefined
  const queue = createQueue(options.watch)
  let said = false
  return {
    name: nameOf(options),
    options,
    upload(parts, host) {
      if (parts.every((part) => part.outputs.length === 0)) return Promise.resolve()
      return queue(async (isSuperseded) => {
        const { finish } = await import('./upload.ts')
        await finish(parts, options, host, isSuperseded)
      })
    },
    sayOnce(host, message) {
      if (said) return
      said = true
      host.info(message)
    },
  }
}

/** With the account where one is given: one id in two accounts is two evaluators. */
function nameOf({ evaluatorId, upload: { accountId } }: ResolvedOptions): string {
  const account = evaluatorId.includes('/') ? undefined : accountId
  return [PLUGIN_NAME, account, evaluatorId].filter(Boolean).join(':')
}

/**
 * Refuses a second plugin for the same evaluator: their uploads would overwrite each other.
 * @throws TypeError, before anything is built.
 */
export function refuseTwins(plugins: readonly unknown[], own: string): void {
  const named = plugins.filter(
    (plugin) => typeof plugin === 'object' && plugin !== null && 'name' in plugin && plugin.name === own,
  )
  if (named.length < 2) return
  throw new TypeError(
    `fwEvaluator: the evaluator ${own.slice(PLUGIN_NAME.length + 1)} is named by two plugins of this build. Remove one, or give it its own evaluatorId.`,
  )
}

/** Whether `error` is the failure of an upload, which bears text and hints of its own. Asked by shape, as its class loads core. */
export function isFailure(error: unknown): error is PluginFailure {
  return error instanceof Error && 'hints' in error
}
