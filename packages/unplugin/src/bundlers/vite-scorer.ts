import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'

/** What we read of a config before it is resolved. */
export interface UserConfig {
  root?: string
  /** Where the command line or a caller names the config file. */
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
 * What builds the scorer, for Node and with all that it imports inside, where a config names no entry. The config of an app
 * with a page names one: to build the scorer in its place would leave the app unbuilt.
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
      // Of itself Vite builds for browsers of 2020 before its version 7, which have no top-level await.
      target: build.target ?? 'node20',
      // The public files are the app's.
      copyPublicDir: build.copyPublicDir ?? false,
      // Vite empties the folder, which an app may have built into.
      ...(isApp && build.outDir === undefined && { outDir: 'dist-evaluator' }),
    },
    // Not `true`, with which Vite 6.0 refuses what Node itself has.
    ssr: { noExternal: [/^(?!node:)/] },
  }
}

/** Whether the config is one beside the app's: `vite build --config evaluator.vite.ts`. */
function hasOwnConfig({ configFile }: UserConfig): boolean {
  return typeof configFile === 'string' && !/^vite\.config\./.test(basename(configFile))
}
