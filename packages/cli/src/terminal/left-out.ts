import type { LeftOut } from '@fw/evaluator-core'
import { printable } from './format.ts'
import type { Out } from './out.ts'
import { wrap } from './width.ts'

/** Paths for each rule that are printed; the JSON document has more. */
const SHOWN_PATHS = 3

/** Prints the files that were left out, by rule: `skipped  .env, id_rsa (secrets)`. */
export function printLeftOut(err: Out, leftOut: readonly LeftOut[]): void {
  if (leftOut.length === 0) return
  const label = `${err.style('dim', 'skipped')}  `
  err.line(wrap(label, leftOut.map(describe).join('\n'), err.columns()))
}

function describe({ rule, count, paths }: LeftOut): string {
  const named = paths.slice(0, SHOWN_PATHS).map(printable)
  const more = count > named.length ? ` and ${count - named.length} more` : ''
  return `${named.join(', ')}${more} (${rule})`
}
