export const name: string = '@fw/evaluator-unplugin'
