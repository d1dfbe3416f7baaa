import { resolve } from 'node:path'
import { createVitePlugin } from 'unplugin'
import { type CleanPart, createBuildState } from '../core/build.ts'
import { createFolders, type Folders } from '../core/folders.ts'
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
import { type InputOptions, surround, withScorer } from './rollup-hooks.ts'
import { type AppBuild, beginApp, endApp } from './vite-app.ts'
import { scorerConfig, type UserConfig } from './vite-scorer.ts'
import type { Builder, ViteConfig, ViteContext } from './vite-types.ts'

export type { PluginOptions } from '../core/options.ts'

/** A Vite plugin, in a form that goes into `plugins` under the types of every major from 5 to 8. */
export interface VitePlugin {
  name: string
}

/**
 * The hooks, for unplugin to make Vite's plugins of. Two plugins, because the beginning and the end of an app's build are
 * two orders of one hook.
 */
export const raw: RawPlugins = (options) => {
  const instance = createInstance(options)
  if (!instance) return []
  const { name, options: resolved } = instance
  let session: { config: ViteConfig; host: Host; ofWatcher: Folders } | undefined
  let app: AppBuild | undefined

  const upload = async (parts: readonly CleanPart[]) => {
    if (session) await instance.upload(parts, session.host)
  }
  const begin = (builder: Builder) => {
    app = beginApp(builder, resolved, upload)
  }

  const main = {
    name,
    apply: 'build',
    enforce: 'post',
    // One instance sees all environments; without it Vite makes one for each, which cannot know of the others.
    sharedDuringBuild: true,

    config(user: UserConfig) {
      return resolved.scorer && scorerConfig(user, resolved.scorer.score)
    },

    configResolved(this: ViteContext | undefined, config: ViteConfig) {
      refuseTwins(config.plugins, name)
      const { root, logger, builder } = config
      const host: Host = {
        root,
        stream: process.stdout,
        cannotFail: Boolean(config.build.watch),
        info: (text) => logger.info(text),
        warn: (text) => logger.warn(text),
      }
      session = { config, host, ofWatcher: session?.ofWatcher ?? createFolders(root) }
      app = undefined
      // Vite 6 has no hook around the build of an app, but the function that does it.
      if (!builder || this?.meta?.viteVersion) return
      const { buildApp } = builder
      builder.buildApp = async (actual) => {
        begin(actual)
        await buildApp(actual)
        await endApp(app, actual)
      }
    },

    options: {
      order: 'post',
      handler(this: ViteContext, input: InputOptions) {
        if (!session) return null
        const config = this.environment?.config ?? session.config
        const label = this.environment?.name ?? (config.build.ssr ? 'ssr' : 'client')
        if (config.build.watch && !resolved.watch) {
          instance.sayOnce(session.host, NOT_IN_WATCH_MODE)
          return null
        }
        if (resolved.environments?.includes(label) === false) {
          if (!app)
            instance.sayOnce(
              session.host,
              `fwEvaluator: ${label} is not uploaded, as environments names only ${resolved.environments.join(', ')}.`,
            )
          return null
        }
        const state = app?.state ?? createBuildState(upload)
        const plugins = surround(input.plugins, {
          name,
          part: state.open(label),
          folders: config.build.watch ? session.ofWatcher : createFolders(config.root),
          dirs: config.build.write === false ? [] : [resolve(config.root, config.build.outDir)],
        })
        const score = resolved.scorer && resolve(config.root, resolved.scorer.score)
        return { ...withScorer(input, score), plugins }
      },
    },

    buildApp: {
      order: 'post',
      async handler(builder: Builder) {
        if (!app) return
        // Vite builds what no hook has built when all hooks are through, which is too late for us.
        const all = Object.values(builder.environments)
        if (all.every((environment) => !environment.isBuilt)) {
          for (const environment of all) await builder.build(environment)
        }
        await endApp(app, builder)
      },
    },
  }
  const start = {
    name: `${name}:start`,
    apply: 'build',
    sharedDuringBuild: true,
    buildApp: { order: 'pre', handler: begin },
  }
  return [start, main].map((hooks: VitePlugin) => ({ name: hooks.name, vite: hooks }))
}
const make = createVitePlugin(raw)

/**
 * Uploads the output of a good Vite build: of one environment when its bundle is closed, of an app of several, built by
 * one `vite build`, when the app's build has ended.
 */
export function fwEvaluator(options: PluginOptions): VitePlugin[] {
  const plugins = tidied(make(options), 'vite')
  return plugins.length > 0 ? plugins : [switchedOff()]
}
export default fwEvaluator
