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

/** What the plugins of all bundlers share: one call of `fwEvaluator` in a configuration. */
export interface Instance {
  /** The plugin's name, with the evaluator's id in it: two instances are two plugins. */
  readonly name: string
  readonly options: ResolvedOptions
  /**
   * Opens a part of the evaluator, which joins all other builds of it in this process.
   * @throws TypeError where the option `root` lies outside of the project's repository or package.
   */
  open(opening: Omit<Opening, 'options'>): Part
  /** Whether nothing of this build is to go up; `plugins` and `context` tell what kind of build it is. Says why, once. */
  skips(host: Host, build: { isWatch?: boolean; isDev?: boolean; plugins?: readonly unknown[] }): boolean
  /** Says `message` the first time only. */
  sayOnce(host: Host, message: string): void
}

const NOT_IN_WATCH_MODE =
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

/** With the account where one is given: one id in two accounts is two evaluators. */
function nameOf({ evaluatorId, upload: { accountId } }: ResolvedOptions): string {
  const account = evaluatorId.includes('/') ? undefined : accountId
  return [PLUGIN_NAME, account, evaluatorId].filter(Boolean).join(':')
}

/** The same for an evaluator that is named in two ways. */
function keyOf({ evaluatorId, upload: { accountId } }: ResolvedOptions): string {
  const [, account = accountId ?? '', id = evaluatorId] =
    /^accounts\/([^/]+)\/evaluators\/([^/]+)$/.exec(evaluatorId) ?? []
  return `${account}/${id}`
}

/** A root outside of the repository, or of the package where there is none, would reach into other people's files. */
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

/**
 * The plugin of one bundler stands among those of another, which calls none of its hooks but the one that throws this.
 * @throws TypeError always
 */
export function refuseDoor(is: string, stands: string, instead: string): never {
  throw new TypeError(
    `fwEvaluator: the plugin for ${is} stands ${stands}, where it would upload nothing. ${instead}`,
  )
}

/** Whether `error` is the failure of an upload, which bears text and hints of its own. Asked by shape, as its class loads core. */
export function isFailure(error: unknown): error is PluginFailure {
  return error instanceof Error && 'hints' in error
}
