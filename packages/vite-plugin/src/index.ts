export const name: string = '@fw/vite-plugin'
