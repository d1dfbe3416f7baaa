import { relative, resolve } from 'node:path'
import { createVitePlugin } from 'unplugin'
import type { Part } from '../core/build.ts'
import { createHost, type Host } from '../core/host.ts'
import type { PluginOptions } from '../core/options.ts'
import {
  createInstance,
  type Instance,
  type RawPlugins,
  refuseDoor,
  refuseOutput,
  refuseTwins,
  switchedOff,
  tidied,
} from '../core/plugin.ts'
import { cwdOf, followFolders, type InputOptions, surround, withScorer } from './rollup-hooks.ts'
import { type AppBuild, beginApp, endApp } from './vite-app.ts'
import { scorerConfig, type UserConfig } from './vite-scorer.ts'
import type { Builder, ViteConfig, ViteContext } from './vite-types.ts'

export type { PluginOptions, UploadFailure } from '../core/options.ts'

/** A Vite plugin. Its type fits `plugins` of every major from 5 to 8. */
export interface VitePlugin {
  name: string
}

/**
 * The hooks, for unplugin to make Vite's plugins of. Two plugins, because the beginning and the end of an app's build
 * are two orders of one hook.
 */
export const raw: RawPlugins = (options) => {
  const instance = createInstance(options)
  if (!instance) return []
  const { name, options: resolved } = instance
  // One plugin object may be in several builds at once. Vite 5 does not tell them apart.
  const resolvedConfigs: ViteConfig[] = []
  let lastConfig: ViteConfig | undefined
  const apps = new Map<string, AppBuild>()
  let isInput = false

  const begin = (builder: Builder) => {
    const [config] = Object.values(builder.environments).map((environment) => environment.config)
    if (!config || isSkipped(instance, config)) return undefined
    const app = beginApp(builder, instance, hostOf(config))
    for (const environment of Object.values(builder.environments)) {
      const key = keyOf(environment.config, environment.name)
      if (app) apps.set(key, app)
      else apps.delete(key)
    }
    return app
  }
  const main = {
    name,
    apply: 'build',
    enforce: 'post',
    // One instance for all environments. Otherwise Vite creates one for each, which does not know the others.
    sharedDuringBuild: true,

    config(user: UserConfig) {
      return resolved.scorer && scorerConfig(user, resolved.scorer.score)
    },

    configResolved(this: ViteContext | undefined, config: ViteConfig) {
      refuseTwins(config.plugins, name)
      resolvedConfigs.push(config)
      // Vite 6 has no hook around the build of an app, but a function that builds it.
      const { builder } = config
      if (!builder || this?.meta?.viteVersion) return
      const { buildApp } = builder
      builder.buildApp = async (actual) => {
        const app = begin(actual)
        try {
          await buildApp(actual)
        } catch (error) {
          await app?.held.end(false)
          throw error
        }
        await endApp(app, actual)
      }
    },

    options: {
      order: 'post',
      handler(this: ViteContext, input: InputOptions) {
        isInput = true
        if (this.environment) resolvedConfigs.length = 0
        const config = this.environment?.config ?? takeConfig(resolvedConfigs, input) ?? lastConfig
        lastConfig = config
        if (!config) {
          refuseDoor(
            'Vite',
            'among the plugins of rollup or rolldown',
            'Move it to `plugins` of vite.config, or import it from @fw/evaluator-unplugin/rollup where there is no Vite.',
          )
        }
        if (isSkipped(instance, config)) return null
        const label = this.environment?.name ?? (config.build.ssr ? 'ssr' : 'client')
        const app = apps.get(keyOf(config, label))
        if (resolved.environments?.includes(label) === false) {
          if (!app) {
            instance.sayOnce(
              hostOf(config),
              `fwEvaluator: ${label} is not uploaded, as environments names only ${resolved.environments.join(', ')}.`,
            )
          }
          return null
        }
        const { root, build } = config
        const folders = followFolders(root)
        const part = openPart(instance, config, label, folders.late, app?.announced.get(label))
        const dirs = build.write === false ? [] : [resolve(root, build.outDir)]
        const cwd = cwdOf(input, this.meta?.rolldownVersion !== undefined)
        const score = resolved.scorer && resolve(resolved.root ?? root, resolved.scorer.score)
        return {
          ...withScorer(input, score),
          plugins: surround(input.plugins, { name, part, folders, dirs, cwd }),
        }
      },
    },

    outputOptions() {
      if (!isInput) refuseOutput()
    },

    buildApp: {
      order: 'post',
      async handler(builder: Builder) {
        const [first] = Object.values(builder.environments)
        const app = first && apps.get(keyOf(first.config, first.name))
        if (!app) return
        // After all hooks, Vite builds the environments that no hook has built, which is too late for the upload.
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
    buildApp: {
      order: 'pre',
      handler(builder: Builder) {
        begin(builder)
      },
    },
  }
  return [start, main].map((hooks: VitePlugin) => ({ name: hooks.name, vite: hooks }))
}
const make = createVitePlugin(raw)

/**
 * Uploads an evaluator to Fireworks AI at the end of a successful `vite build`. A failed upload fails the build. A
 * failed build, a dev server, a preview, Vitest and watch mode upload nothing.
 *
 * Needs `FIREWORKS_API_KEY` in the environment. All environments, formats and builds of one command make one upload.
 *
 * @throws TypeError on an unknown option, or one of the wrong type
 * @example
 * ```ts
 * // vite.config.ts
 * import { fwEvaluator } from '@fw/vite-plugin'
 * import { defineConfig } from 'vite'
 *
 * export default defineConfig({
 *   plugins: [
 *     fwEvaluator({ evaluatorId: 'my-evaluator', score: 'src/score.ts', rows: 'rows.jsonl' }),
 *   ],
 * })
 * ```
 */
export function fwEvaluator(options: PluginOptions): VitePlugin[] {
  const plugins = tidied(make(options), 'vite')
  return plugins.length > 0 ? plugins : [switchedOff()]
}
export default fwEvaluator

function openPart(
  instance: Instance,
  config: ViteConfig,
  label: string,
  late: ReturnType<typeof followFolders>['late'],
  announced: Part | undefined,
): Part {
  // In watch mode, an environment is announced before it is built. It is the same part.
  announced?.drop()
  const outDir = resolve(config.root, config.build.outDir)
  return instance.open({
    id: `vite ${keyOf(config, label)}`,
    isUnique: true,
    isAnnounced: announced !== undefined,
    name: relative(process.cwd(), outDir).replaceAll('\\', '/') || outDir,
    host: hostOf(config),
    late,
  })
}

/** The key of the build of one environment. */
function keyOf({ root, build }: ViteConfig, label: string): string {
  const { outDir, lib, ssr, write, rollupOptions } = build
  return [label, root, outDir, write, JSON.stringify([lib, ssr, rollupOptions?.input])].join(' ')
}

function isSkipped(instance: Instance, config: ViteConfig): boolean {
  const host = hostOf(config)
  if (config.isWorker) {
    instance.sayOnce(
      host,
      'fwEvaluator: no worker is uploaded by itself. Put the plugin into `plugins`, not into `worker.plugins`.',
    )
    return true
  }
  const isDev = config.isProduction === false
  return instance.skips(host, { isWatch: Boolean(config.build.watch), isDev, plugins: config.plugins })
}

/** Vite's logger; or stderr, if a tool on top of Vite has limited the logger to warnings or errors. */
function hostOf({ root, logger, logLevel = 'info', customLogger, build }: ViteConfig): Host {
  const direct = createHost({ root })
  const isHeard = (level: string) =>
    customLogger || level === 'info' || (level === 'warn' && logLevel === 'warn')
  return {
    root,
    stream: process.stdout,
    isSilent: logLevel === 'silent',
    cannotFail: Boolean(build.watch),
    info(text) {
      if (logLevel === 'info' || logLevel === 'silent' || customLogger) logger.info(text)
      else direct.info(text.split('\n', 1).join())
    },
    warn(text) {
      if (isHeard(logLevel) || logLevel === 'silent') logger.warn(text)
      else direct.warn(text)
    },
  }
}

/** The config of a build in Vite 5: the one with all its plugins, or, for ssr, copies of them. */
function takeConfig(configs: ViteConfig[], input: InputOptions): ViteConfig | undefined {
  const given = [input.plugins].flat()
  const found =
    configs.findLast(({ plugins }) => plugins.every((plugin) => given.includes(plugin))) ??
    configs.findLast(({ build, isWorker }) => build.ssr && !isWorker) ??
    configs.at(-1)
  if (found) configs.splice(configs.indexOf(found), 1)
  return found
}
