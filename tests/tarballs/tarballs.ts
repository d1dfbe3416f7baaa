import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Tarball {
  readonly name: string
  readonly version: string
  /** Absolute path of the .tgz. */
  readonly path: string
  /** Paths inside, without the leading `package/`. */
  readonly files: readonly string[]
}

const dist = join(import.meta.dirname, 'dist')
const index: (Omit<Tarball, 'path'> & { file: string })[] = JSON.parse(
  readFileSync(join(dist, 'index.json'), 'utf8'),
)

/** Every published package, as a registry gets it. */
export const tarballs: readonly Tarball[] = index.map(({ file, ...rest }) => ({
  ...rest,
  path: join(dist, file),
}))

/** @throws if there is no such package */
export function tarballOf(name: string): Tarball {
  const found = tarballs.find((tarball) => tarball.name === name)
  if (!found) throw new Error(`${name} is not among the packed packages`)
  return found
}
