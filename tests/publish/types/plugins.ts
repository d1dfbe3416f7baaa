import esbuildDefault, { fwEvaluator as esbuildPlugin, type PluginOptions } from '@fw/esbuild-plugin'
import { fwEvaluator as instance } from '@fw/evaluator-unplugin'
import { fwEvaluator as bunPlugin } from '@fw/evaluator-unplugin/bun'
import { fwEvaluator as farmPlugin } from '@fw/evaluator-unplugin/farm'
import { fwEvaluator as rolldownPlugin } from '@fw/evaluator-unplugin/rolldown'
import { fwEvaluator as rollupPlugin } from '@fw/evaluator-unplugin/rollup'
import { fwEvaluator as rspackPlugin } from '@fw/evaluator-unplugin/rspack'
import { fwEvaluator as webpackPlugin } from '@fw/evaluator-unplugin/webpack'
import viteDefault, { fwEvaluator as vitePlugin } from '@fw/vite-plugin'
import type { BuildOptions } from 'esbuild'
import type { UserConfig } from 'vite'

const options: PluginOptions = {
  evaluatorId: 'my-eval',
  include: ['requirements.txt', '*.py'],
  exclude: ['**/*.map'],
  enabled: true,
  onError: (error) => console.warn(error),
  watch: false,
  environments: ['client', 'ssr'],
  report: 'report.json',
  onUploaded: async ({ name }) => console.log(name),
  wait: true,
}

export const vite: UserConfig = { plugins: [vitePlugin(options), viteDefault({ evaluatorId: 'a' })] }
export const esbuild: BuildOptions = {
  plugins: [esbuildPlugin(options), esbuildDefault({ evaluatorId: 'a' })],
}
export const others: { name: string }[] = [bunPlugin, farmPlugin, rolldownPlugin, rollupPlugin].map((make) =>
  make(options),
)
export const packs: { apply(compiler: object): void }[] = [webpackPlugin(options), rspackPlugin(options)]
export const inIndex: unknown[] = [
  instance.vite(options),
  instance.esbuild(options),
  instance.rollup(options),
]

// @ts-expect-error the evaluator must be named
vitePlugin({})
// @ts-expect-error the build's output is the source
vitePlugin({ evaluatorId: 'a', source: 'dist' })
// @ts-expect-error no such choice
esbuildPlugin({ evaluatorId: 'a', onError: 'ignore' })
// @ts-expect-error no such option
esbuildPlugin({ evaluatorId: 'a', enable: false })
// @ts-expect-error a list of globs
rollupPlugin({ evaluatorId: 'a', include: '*.py' })
