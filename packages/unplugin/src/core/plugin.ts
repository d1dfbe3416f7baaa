import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { UnpluginOptions } from 'unplugin'
import type { Opening, Part } from './build.ts'
import type { PluginFailure } from './failure.ts'
import { holds } from './folders.ts'
import type { Host } from './host.ts'
import { type PluginOptions, type ResolvedOptions, resolveOptions } from './options.ts'
import { buildsOf } from './registry.ts'
import { whyNotShipped } from './shipping.ts'

/** One call of `fwEvaluator` in a config, for all bundlers. */
export interface Instance {
  /** The plugin's name, with the evaluator's id, so that two instances are two plugins. */
  readonly name: string
  readonly options: ResolvedOptions
  /**
   * Opens a part of the evaluator. It joins all other builds of the evaluator in this process.
   * @throws TypeError if the option `root` is outside of the project's repository or package.
   */
  open(opening: Omit<Opening, 'options'>): Part
  /** Whether this kind of build uploads nothing, by its `plugins` and `context`. Prints the reason once. */
  skips(host: Host, build: { isWatch?: boolean; isDev?: boolean; plugins?: readonly unknown[] }): boolean
  /** Prints `message` only once. */
  sayOnce(host: Host, message: string): void
}

const NOT_IN_WATCH_MODE =
  'fwEvaluator: nothing is uploaded in watch mode. (watch: true uploads after every good rebuild.)'

/** The hooks for one bundler, in unplugin's form. None if the plugin is turned off. */
export type RawPlugins = (options: PluginOptions) => UnpluginOptions[]

/**
 * Cleans a plugin that unplugin has made: removes the bundler's key with the hooks and, if the plugin is turned off,
 * the `buildStart` that unplugin adds to every plugin.
 */
export function tidied<Plugin extends { name: string }>(
  made: Plugin | Plugin[],
  key: 'vite' | 'rollup' | 'rolldown' | 'farm',
): Plugin[] {
  const plugins = Array.isArray(made) ? made : [made]
  for (const plugin of plugins) Reflect.deleteProperty(plugin, key)
  return plugins
}

/** A plugin that is turned off: it has no hooks. */
export function switchedOff(): { name: string } {
  return { name: PLUGIN_NAME }
}

/** The name of a plugin that is turned off, and the prefix of all others. */
const PLUGIN_NAME = 'fw-evaluator'

/**
 * Resolves the options of one plugin; `undefined` if it is turned off.
 * @throws TypeError as {@link resolveOptions} does.
 */
export function createInstance(raw: PluginOptions): Instance | undefined {
  const options = resolveOptions(raw, process.env)
  if (!options) return undefined
  const name = nameOf(options)
  const root = options.root === undefined ? undefined : resolve(options.root)
  const said = new Set<string>()
  const sayOnce = (host: Host, message: string) => {
    if (said.has(message)) return
    said.add(message)
    host.info(message)
  }
  return {
    name,
    options,
    sayOnce,
    open(opening) {
      if (root !== undefined) refuseOutside(root, opening.host.root)
      const host = root === undefined ? opening.host : { ...opening.host, root }
      return buildsOf(keyOf(options)).open({ ...opening, host, options })
    },
    skips(host, { isWatch, ...build }) {
      const why = whyNotShipped(options, process.env, build)
      if (why !== undefined) sayOnce(host, `fwEvaluator: ${options.evaluatorId} is not uploaded: ${why}`)
      else if (isWatch && !options.watch) sayOnce(host, NOT_IN_WATCH_MODE)
      else return false
      return true
    },
  }
}

/** With the account, if given: one id in two accounts is two evaluators. */
function nameOf({ evaluatorId, upload: { accountId } }: ResolvedOptions): string {
  const account = evaluatorId.includes('/') ? undefined : accountId
  return [PLUGIN_NAME, account, evaluatorId].filter(Boolean).join(':')
}

/** The same key for an evaluator that is named in two ways. */
function keyOf({ evaluatorId, upload: { accountId } }: ResolvedOptions): string {
  const [, account = accountId ?? '', id = evaluatorId] =
    /^accounts\/([^/]+)\/evaluators\/([^/]+)$/.exec(evaluatorId) ?? []
  return `${account}/${id}`
}

/** A root outside of the repository, or without one of the package, would include foreign files. */
function refuseOutside(root: string, projectRoot: string): void {
  const above = (folder: string): string[] =>
    dirname(folder) === folder ? [folder] : [folder, ...above(dirname(folder))]
  const folders = above(resolve(projectRoot))
  const limit =
    folders.find((folder) => existsSync(join(folder, '.git'))) ??
    folders.find((folder) => existsSync(join(folder, 'package.json')))
  if (limit === undefined || holds(limit, root)) return
  throw new TypeError(
    `fwEvaluator: root is ${root}, outside of ${limit}, which holds this project. Name a folder in it.`,
  )
}

/**
 * Refuses a second plugin for the same evaluator: their uploads would overwrite each other.
 * @throws TypeError before anything is built.
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

/**
 * Refuses a plugin that is in the config of another bundler, which calls none of its hooks except the one that throws
 * this.
 * @throws TypeError always
 */
export function refuseDoor(is: string, stands: string, instead: string): never {
  throw new TypeError(
    `fwEvaluator: the plugin for ${is} stands ${stands}, where it would upload nothing. ${instead}`,
  )
}

/**
 * The plugin stands among the plugins of one output. Rollup calls no hooks for the start and end of a build there.
 * @throws TypeError always
 */
export function refuseOutput(): never {
  refuseDoor('a whole build', 'among the plugins of one output', 'Move it to `plugins` of the build.')
}

/** Hooks that other bundlers call: `outputOptions` rollup, rolldown and Vite, `configResolved` Vite and Farm. */
const STRANGE_HOOKS = ['outputOptions', 'configResolved']

/**
 * Adds hooks that throw to a plugin whose own bundler never calls them. `isHidden` for bundlers that refuse plugins with
 * unknown properties.
 */
export function withDoors<Plugin extends { name: string }>(
  plugin: Plugin,
  is: string,
  { isHidden = false }: { isHidden?: boolean } = {},
): Plugin {
  const value = () =>
    refuseDoor(
      is,
      'among those of another bundler',
      'Import that of the bundler: @fw/vite-plugin, @fw/evaluator-unplugin/rollup, …',
    )
  for (const hook of STRANGE_HOOKS) {
    if (!(hook in plugin)) Object.defineProperty(plugin, hook, { value, enumerable: !isHidden })
  }
  return plugin
}

/**
 * Whether `error` is the failure of an upload, with text and hints. Checked by its shape, because its class loads core.
 */
export function isFailure(error: unknown): error is PluginFailure {
  return error instanceof Error && 'hints' in error
}
