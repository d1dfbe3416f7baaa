import { dirname, isAbsolute, relative, sep } from 'node:path'

/** The deepest folder that holds all of `folders`. */
export function commonFolder(folders: readonly string[]): string {
  const [first = '', ...rest] = [...new Set(folders)]
  return rest.reduce((common, folder) => {
    let base = common
    while (!holds(base, folder) && dirname(base) !== base) base = dirname(base)
    return base
  }, first)
}

/**
 * Whether `path` is `folder` or lies in it. Asked of `relative`, which knows that Windows does not tell `c:\` from
 * `C:\`: editors' terminals write drives in small letters, and bundlers in large ones.
 */
export function holds(folder: string, path: string): boolean {
  const inside = relative(folder, path)
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)
}
