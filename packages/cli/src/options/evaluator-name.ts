import { basename, resolve } from 'node:path'

/** An id from the first name that has the makings of one. The service's rule: a–z, 0–9 and `-`, first a letter. */
export function defaultId(...names: (string | undefined)[]): string {
  for (const name of names) {
    if (name === undefined) continue
    const id = basename(resolve(name))
      .replace(/\.(tar\.gz|tgz)$/, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+/, '')
      .slice(0, 63)
      .replace(/-+$/, '')
    if (id) return id
  }
  return 'evaluator'
}
