import type { LeftOut } from '@fw/evaluator-core'

/** `3 by .gitignore, 1 by .env files` */
export function describeLeftOut(leftOut: readonly LeftOut[]): string {
  return leftOut.map(({ rule, count }) => `${count} by ${rule}`).join(', ')
}
