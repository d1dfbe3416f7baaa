export const name: string = '@fw/evaluator-cli'
