import { accessSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { UserConfig } from 'tsdown'

/** What all packages are built with. `exports` in package.json, and what is inside, are written by each build. */
export const shared: UserConfig & { target: string } = {
  target: 'node20.19',
  dts: true,
  fixedExtension: false,
  exports: true,
  publint: true,
}

/**
 * For the `test` of a chunk: `files`, which lie beside `config`, with all that they import and no chunk of a higher
 * priority has.
 * @throws where one of them was renamed, since a chunk of nothing would go unseen
 */
export function among(config: string, files: readonly string[]): (id: string) => boolean {
  const paths = files.map((file) => fileURLToPath(new URL(file, config)))
  for (const path of paths) accessSync(path)
  return (id) => paths.includes(id)
}
