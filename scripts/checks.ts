/** The turbo tasks that `pnpm test` runs: linters, unused code and the order of imports over the whole workspace, the rest in each package. */
export const checks: readonly string[] = ['lint', 'knip', 'sherif', 'order', 'typecheck', 'test']
