import { basename, resolve } from 'node:path'
import { nearestEvaluatorId } from '@fw/evaluator-core'

/** Makes an id from the first usable name; for a path, from its last part. */
export function defaultId(...names: (string | undefined)[]): string {
  for (const name of names) {
    if (name === undefined) continue
    const id = nearestEvaluatorId(basename(resolve(name)).replace(/\.(tar\.gz|tgz)$/, ''))
    if (id) return id
  }
  return 'evaluator'
}
