import type { BigIntStats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'

/** The output folders of a build, with their files before it. */
export interface Folders {
  /** Starts the next round of a watcher, in which files of the last round do not count. */
  nextRound(): void
  /** Reads an output folder before anything is written to it. Only the first call of a round counts. */
  remember(dir: string): Promise<void>
  /** The folders, each with the files that the bundler or others have written since. */
  written(): Promise<{ dir: string; files: string[] }[]>
}

/** @param root The project's root. A folder that contains it is not searched, because sources are in it. */
export function createFolders(root: string): Folders {
  const before = new Map<string, Promise<Snapshot>>()
  return {
    nextRound() {
      before.clear()
    },
    async remember(dir) {
      if (holds(dir, root)) return
      const look = before.get(dir) ?? takeSnapshot(dir)
      before.set(dir, look)
      await look
    },
    written() {
      const all = [...before].map(async ([dir, look]) => ({
        dir,
        files: await writtenSince(dir, await look),
      }))
      return Promise.all(all)
    },
  }
}

/** The files of a folder: path → a mark that changes when the file is written, replaced or touched. */
type Snapshot = ReadonlyMap<string, string>

/**
 * The state of `dir`. A later comparison separates files that plugins write next to the bundle (static copies, a
 * service worker, Vite's public folder), which no bundler reports, from files of an earlier build. It uses the change
 * time and the inode, not the modification time, which copy tools keep; and no clock, which may differ from that of the
 * filesystem.
 */
async function takeSnapshot(dir: string): Promise<Snapshot> {
  const marks = new Map<string, string>()
  await walk(dir, marks)
  return marks
}

/** Files in `dir` that are new, or were written since `before`. */
async function writtenSince(dir: string, before: Snapshot): Promise<string[]> {
  const now = await takeSnapshot(dir)
  return [...now].filter(([path, mark]) => before.get(path) !== mark).map(([path]) => path)
}

async function walk(dir: string, marks: Map<string, string>): Promise<void> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(whenGone<[]>([]))
  await Promise.all(
    entries.map(async (entry) => {
      const path = join(dir, entry.name)
      if (entry.isDirectory())
        return entry.name === 'node_modules' || entry.name === '.git' ? undefined : walk(path, marks)
      const stats = await lstat(path, { bigint: true }).catch(whenGone<undefined>(undefined))
      if (stats) marks.set(path, mark(stats))
    }),
  )
}

function mark(stats: BigIntStats): string {
  return `${stats.ino}:${stats.ctimeNs}:${stats.size}`
}

/** The folder may be missing, or change while it is read. */
function whenGone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return instead
    throw error
  }
}

/** The deepest common parent of `folders`. */
export function commonFolder(folders: readonly string[]): string {
  const [first = '', ...rest] = [...new Set(folders)]
  return rest.reduce((common, folder) => {
    let base = common
    while (!holds(base, folder) && dirname(base) !== base) base = dirname(base)
    return base
  }, first)
}

/**
 * Whether `path` is `folder`, or is in it. Uses `relative`, which knows that `c:\` and `C:\` are the same on Windows:
 * editors' terminals write drives in lower case, bundlers in upper case.
 */
export function holds(folder: string, path: string): boolean {
  const inside = relative(folder, path)
  return inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)
}
