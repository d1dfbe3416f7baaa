import { dirname, sep } from 'node:path'

/** The deepest folder that holds all of `folders`. */
export function commonFolder(folders: readonly string[]): string {
  const [first = '', ...rest] = [...new Set(folders)]
  return rest.reduce((common, folder) => {
    let base = common
    while (!holds(base, folder) && dirname(base) !== base) base = dirname(base)
    return base
  }, first)
}

/** Whether `path` is `folder` or lies in it. */
export function holds(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}
