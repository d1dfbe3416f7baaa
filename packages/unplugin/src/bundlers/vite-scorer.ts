import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'

/** The part of an unresolved config that we read. */
export interface UserConfig {
  root?: string
  /** The config file from the command line or the caller. */
  configFile?: unknown
  builder?: unknown
  environments?: object
  build?: {
    ssr?: unknown
    lib?: unknown
    outDir?: string
    target?: unknown
    copyPublicDir?: boolean
    rollupOptions?: { input?: unknown }
    rolldownOptions?: { input?: unknown }
  }
}

/**
 * If a config has no entry, the config that builds the scorer: for Node, bundled with all its imports. The config of an
 * app with a page has an entry; to build the scorer in its place would leave the app unbuilt.
 */
export function scorerConfig(user: UserConfig, score: string): object | undefined {
  const { build = {}, builder, environments } = user
  const root = resolve(user.root ?? '.')
  const input = build.rollupOptions?.input ?? build.rolldownOptions?.input
  if (build.ssr || build.lib || input || builder || environments) return undefined
  const isApp = existsSync(resolve(root, 'index.html'))
  if (isApp && !hasOwnConfig(user)) return undefined
  return {
    build: {
      ssr: resolve(root, score),
      // Before version 7, Vite's default target is browsers of 2020, without top-level await.
      target: build.target ?? 'node20',
      // The public files belong to the app.
      copyPublicDir: build.copyPublicDir ?? false,
      // Vite empties the folder, which may have the output of an app.
      ...(isApp && build.outDir === undefined && { outDir: 'dist-evaluator' }),
    },
    // Not `true`, with which Vite 6.0 refuses Node's own modules.
    ssr: { noExternal: [/^(?!node:)/] },
  }
}

/** Whether it is an extra config next to the app's: `vite build --config evaluator.vite.ts`. */
function hasOwnConfig({ configFile }: UserConfig): boolean {
  return typeof configFile === 'string' && !/^vite\.config\./.test(basename(configFile))
}
