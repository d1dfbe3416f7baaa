import { existsSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import type { Output } from '../core/build.ts'
import { commonFolder } from '../core/folders.ts'
import { createHost } from '../core/host.ts'
import type { PluginOptions } from '../core/options.ts'
import { createInstance, refuseDoor, switchedOff, withDoors } from '../core/plugin.ts'

export type { PluginOptions, UploadFailure } from '../core/options.ts'

/** A plugin for `Bun.build`. */
export interface BunPlugin {
  name: string
  setup(build: object): void
}

/** What we use of Bun's PluginBuilder. */
interface BunBuild {
  config: {
    root?: string
    outdir?: string
    entrypoints?: readonly string[]
    format?: string
    naming?: unknown
  }
  onStart(callback: () => void): void
  onEnd(callback: (result: BunResult) => Promise<void>): void
}

interface BunResult {
  success: boolean
  outputs: readonly { path: string; arrayBuffer(): Promise<ArrayBuffer> }[]
}

// Not made by unplugin, whose `createBunPlugin` throws outside of Bun: Node may read a config too.
/**
 * Uploads an evaluator to Fireworks AI at the end of a successful `Bun.build`. A failed upload fails the build. A
 * failed build uploads nothing.
 *
 * Needs `FIREWORKS_API_KEY` in the environment. Bun runs the onEnd callbacks of all plugins at the same time, so the
 * upload does not wait for other plugins.
 *
 * @throws TypeError on an unknown option, or one of the wrong type
 * @example
 * ```ts
 * import { fwEvaluator } from '@fw/evaluator-unplugin/bun'
 *
 * await Bun.build({
 *   entrypoints: ['src/score.ts'],
 *   outdir: 'dist',
 *   plugins: [fwEvaluator({ evaluatorId: 'my-evaluator', include: ['*.py'] })],
 * })
 * ```
 */
export function fwEvaluator(options: PluginOptions): BunPlugin {
  const instance = createInstance(options)
  if (!instance) return { ...switchedOff(), setup() {} }
  const host = createHost()
  const plugin = {
    name: instance.name,
    setup(build: BunBuild) {
      if (!build.config) refuseDoor('Bun', "in esbuild's plugins", 'Import it from @fw/esbuild-plugin.')
      if (!build.onEnd)
        throw new TypeError('fwEvaluator: this Bun has no onEnd hook for plugins; use Bun 1.3 or later.')
      if (instance.skips(host, {})) return
      const { outdir, entrypoints, format, naming } = build.config
      // Another plugin may change the working directory.
      const dir = outdir === undefined ? undefined : resolve(outdir)
      const part = instance.open({
        id: ['bun', process.cwd(), outdir, format, JSON.stringify([entrypoints, naming])].join(' '),
        name: outdir ?? 'Bun.build',
        isUnique: true,
        // Bun calls no onStart before a build from plain options, and another build may end meanwhile.
        isAnnounced: true,
        host,
      })
      build.onStart(() => {
        part.begin()
        // Another plugin may end the process in its onEnd, before ours.
        part.writes()
      })
      build.onEnd(async (result) => {
        if (!result.success) return part.end(false)
        part.wrote(await outputOf(result, dir))
        await part.end()
      })
    },
  }
  return withDoors(plugin, 'Bun')
}
export default fwEvaluator

/** Without an outdir, the output is only in memory, with relative paths. */
async function outputOf({ outputs }: BunResult, outdir: string | undefined): Promise<Output> {
  const files = await Promise.all(
    outputs.map(
      async (output) =>
        [
          resolve(output.path),
          isAbsolute(output.path) ? undefined : new Uint8Array(await output.arrayBuffer()),
        ] as const,
    ),
  )
  const dir = outdir ?? commonFolder(files.map(([path]) => dirname(path)))
  const missing = files.flatMap(([path, bytes]) => (bytes || existsSync(path) ? [] : [path]))
  return { dir, files: new Map(files), missing, inMemory: outdir === undefined }
}
