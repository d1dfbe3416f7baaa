export const name: string = '@fw/evaluator-emulator'
