import { createUnplugin, type UnpluginInstance } from 'unplugin'
import { fwEvaluator as bun } from './bundlers/bun.ts'
import { raw as esbuild } from './bundlers/esbuild.ts'
import { raw as farm } from './bundlers/farm.ts'
import { raw as rolldown } from './bundlers/rolldown.ts'
import { raw as rollup } from './bundlers/rollup.ts'
import { raw as packs } from './bundlers/rsbuild.ts'
import { raw as vite } from './bundlers/vite.ts'
import type { PluginOptions } from './core/options.ts'
import type { RawPlugins } from './core/plugin.ts'

export type { PluginOptions, UploadFailure } from './core/options.ts'

const raw: Readonly<Record<string, RawPlugins>> = {
  esbuild,
  farm,
  rolldown,
  rollup,
  vite,
  rsbuild: packs,
  rspack: packs,
  webpack: packs,
}

/**
 * Uploads an evaluator to Fireworks AI at the end of a successful build. A failed upload fails the build. The subpaths
 * of this package (`@fw/evaluator-unplugin/vite`, …) are the same plugins, and load faster: this entry loads all of
 * unplugin.
 *
 * @example vite.config.ts
 * ```ts
 * export default defineConfig({ plugins: [fwEvaluator.vite({ evaluatorId: 'my-evaluator' })] })
 * ```
 * @example rollup.config.js, rolldown.config.js
 * ```ts
 * export default { input: 'src/score.js', plugins: [fwEvaluator.rollup({ evaluatorId: 'my-evaluator' })] }
 * ```
 * @example webpack.config.js, rspack.config.js
 * ```ts
 * export default { entry: './src/score.js', plugins: [fwEvaluator.webpack({ evaluatorId: 'my-evaluator' })] }
 * ```
 * @example rsbuild.config.ts
 * ```ts
 * export default defineConfig({ plugins: [fwEvaluator.rsbuild({ evaluatorId: 'my-evaluator' })] })
 * ```
 * @example esbuild
 * ```ts
 * await build({ entryPoints: ['src/score.ts'], plugins: [fwEvaluator.esbuild({ evaluatorId: 'my-evaluator' })] })
 * ```
 * @example Bun
 * ```ts
 * await Bun.build({ entrypoints: ['src/score.ts'], plugins: [fwEvaluator.bun({ evaluatorId: 'my-evaluator' })] })
 * ```
 */
export const fwEvaluator: UnpluginInstance<PluginOptions> = {
  ...createUnplugin<PluginOptions>((options, { framework }) => {
    const make = raw[framework]
    if (!make) throw new TypeError(`fwEvaluator: ${framework} writes no output that could be uploaded.`)
    return make(options)
  }),
  bun,
}
export default fwEvaluator
