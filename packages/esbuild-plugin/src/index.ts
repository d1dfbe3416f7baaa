export const name: string = '@fw/esbuild-plugin'
