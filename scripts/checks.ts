/** The turbo tasks that `pnpm test` runs: linters and unused code over the whole workspace, the rest in each package. */
export const checks: readonly string[] = ['lint', 'knip', 'sherif', 'typecheck', 'test']
