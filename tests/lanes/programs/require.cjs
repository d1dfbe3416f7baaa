// A CommonJS config: require() of ESM, which works in each Node in `engines`.
const core = require('@fw/evaluator-core')
const vite = require('@fw/vite-plugin')
const esbuild = require('@fw/esbuild-plugin')
const unplugin = require('@fw/evaluator-unplugin')
const emulator = require('@fw/evaluator-emulator')
const faces = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild', 'farm', 'bun'].map((name) =>
  require(`@fw/evaluator-unplugin/${name}`),
)
const options = { evaluatorId: 'lane' }
const made = [vite, esbuild, ...faces].map((face) => [face.fwEvaluator(options), face.default(options)])
console.log(
  JSON.stringify({
    node: process.version,
    functions: [core.uploadEvaluator, core.packEvaluator, core.createGateway, emulator.startEmulator].map(
      (one) => typeof one,
    ),
    // The exports of the bundle, which may have more names than those of the sources.
    ofCore: Object.keys(core).sort(),
    isError: core.EvaluatorUploadError.prototype instanceof Error,
    made: made.flat().filter((plugin) => typeof plugin === 'object').length,
    inIndex: Object.keys(unplugin.fwEvaluator).sort(),
  }),
)
