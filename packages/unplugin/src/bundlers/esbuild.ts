import { relative, resolve } from 'node:path'
import { createEsbuildPlugin } from 'unplugin'
import type { Part } from '../core/build.ts'
import { isSwitchedOff, type PluginOptions } from '../core/options.ts'
import {
  createInstance,
  isFailure,
  type RawPlugins,
  refuseTwins,
  switchedOff,
  withDoors,
} from '../core/plugin.ts'
import { createMessages } from './esbuild-messages.ts'
import { nameScorer, outputOf, rootOf } from './esbuild-output.ts'
import type { EsbuildBuild, EsbuildMessages, EsbuildOptions, EsbuildResult } from './esbuild-types.ts'

export type { PluginOptions, UploadFailure } from '../core/options.ts'

/** An esbuild plugin. Its type fits `plugins` of every version from 0.17 on. */
export interface EsbuildPlugin {
  name: string
  /** Called by esbuild. */
  setup(build: EsbuildBuild): void
}

/** The hooks, from which unplugin makes esbuild's plugin. */
export const raw: RawPlugins = (options) => {
  const instance = createInstance(options)
  if (!instance) return []
  const { name } = instance
  const hooks = {
    setup(build: EsbuildBuild) {
      const { initialOptions } = build
      const plugins = initialOptions.plugins ?? []
      refuseTwins(plugins, name)
      initialOptions.metafile = true
      if (instance.options.scorer) nameScorer(initialOptions, instance.options.scorer.score)
      const messages = createMessages(build, name)
      let round = 0
      let part: Part | undefined

      build.onStart(() => {
        part = undefined
        if (instance.skips(messages.host, { isWatch: ++round > 1, plugins })) return
        part = instance.open({ ...identityOf(initialOptions), isUnique: true, host: messages.host })
        part.begin()
        // Esbuild writes before the first onEnd, in which another plugin may end the process.
        part.writes()
        // Callbacks registered now run after those of all other plugins, which may still fail or write.
        if (round === 1) build.onEnd(atEnd)
      })
      // Esbuild runs no onEnd callbacks unless one was registered during setup.
      build.onEnd(async () => undefined)

      async function atEnd(result: EsbuildResult): Promise<EsbuildMessages | undefined> {
        if (!part) return undefined
        if (result.errors.length === 0) part.wrote(outputOf(result, initialOptions, await rootOf(build)))
        try {
          await part.end()
        } catch (error) {
          if (!isFailure(error)) throw error
          return messages.fail(error.text, error.hints)
        }
        return messages.warnings()
      }
    },
  }
  return [{ name, esbuild: hooks }]
}
const make = createEsbuildPlugin(raw)

/**
 * Uploads an evaluator to Fireworks AI at the end of a successful esbuild build. A failed upload fails the build. A
 * failed build uploads nothing; with `context()`, only the first build is uploaded.
 *
 * Needs `FIREWORKS_API_KEY` in the environment. Builds of one evaluator that overlap make one upload.
 *
 * @throws TypeError on an unknown option, or one of the wrong type
 * @example
 * ```ts
 * import { fwEvaluator } from '@fw/esbuild-plugin'
 * import { build } from 'esbuild'
 *
 * await build({
 *   plugins: [
 *     fwEvaluator({ evaluatorId: 'my-evaluator', score: 'src/score.ts', rows: 'rows.jsonl' }),
 *   ],
 * })
 * ```
 */
export function fwEvaluator(options: PluginOptions): EsbuildPlugin {
  if (isSwitchedOff(options, process.env)) return { ...switchedOff(), setup() {} }
  return withDoors(make(options), 'esbuild', { isHidden: true })
}
export default fwEvaluator

/** The key of a build, and its name for people. */
function identityOf(options: EsbuildOptions): { id: string; name: string } {
  const { entryPoints, stdin, outdir, outfile, format, platform, write } = options
  const root = options.absWorkingDir ?? process.cwd()
  const out = outdir ?? outfile ?? ''
  return {
    id: ['esbuild', root, out, format, platform, write, JSON.stringify([entryPoints, stdin])].join(' '),
    name: out ? relative(process.cwd(), resolve(root, out)).replaceAll('\\', '/') || '.' : 'esbuild',
  }
}
