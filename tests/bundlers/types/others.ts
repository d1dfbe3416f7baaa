import { build as buildWithFarm, type UserConfig as FarmConfig } from '@farmfe/core'
import { fwEvaluator as esbuild } from '@fw/esbuild-plugin'
import { fwEvaluator as bun } from '@fw/evaluator-unplugin/bun'
import { fwEvaluator as farm } from '@fw/evaluator-unplugin/farm'
import { fwEvaluator as rolldown } from '@fw/evaluator-unplugin/rolldown'
import { fwEvaluator as rollup } from '@fw/evaluator-unplugin/rollup'
import { fwEvaluator as rspack } from '@fw/evaluator-unplugin/rspack'
import { fwEvaluator as webpack } from '@fw/evaluator-unplugin/webpack'
import type { Configuration as RspackConfiguration } from '@rspack/core'
import type { InputOptions as RolldownOptions } from 'rolldown'
import type { RollupOptions } from 'rollup'
import type { Options as TsupOptions } from 'tsup'
import type { Configuration as WebpackConfiguration } from 'webpack'

const options = { evaluatorId: 'my-evaluator' }

// What must compile in a user's strict project, without a cast.
export const forRollup: RollupOptions = { plugins: [rollup(options)] }
export const forRolldown: RolldownOptions = { plugins: [rolldown(options)] }
export const forWebpack: WebpackConfiguration = { plugins: [webpack(options)] }
export const forRspack: RspackConfiguration = { plugins: [rspack(options)] }
export const forFarm: FarmConfig = { plugins: [farm(options)] }
export const withFarm = (): Promise<void> => buildWithFarm({ plugins: [farm(options)] })
export const forTsup: TsupOptions = { esbuildPlugins: [esbuild(options)] }
/** The part of Bun's types that matters: its package of types replaces Node's globals, which the other tests need. */
export const forBun: {
  name: string
  setup(build: { onEnd(callback: (result: { success: boolean }) => void): unknown }): void | Promise<void>
} = bun(options)
/** What `onError` gets has the fields of core's errors. */
export const told: TsupOptions = {
  esbuildPlugins: [
    esbuild({ ...options, onError: ({ code, hint, message }) => console.log(code, hint, message) }),
  ],
}
