import type { BigIntStats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'

/** The output folders of a build, and what they held before it. */
export interface Folders {
  /** A watcher's next round begins: what the last one left there is no output of this one. */
  nextRound(): void
  /** Looks at an output folder before anything is written to it; only the first look of a round counts. */
  remember(dir: string): Promise<void>
  /** The folders that were looked at, each with what was written to it since: by the bundler, or by others. */
  written(): Promise<{ dir: string; files: string[] }[]>
}

/** @param root The project's root. A folder that holds it is no output folder to look through: sources are in it. */
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

/** What a folder held at a moment: path → a mark that changes when the file is written, replaced or touched. */
type Snapshot = ReadonlyMap<string, string>

/**
 * The state of `dir`. Compared later it tells what plugins put beside the bundle (static copies, a service worker,
 * Vite's public folder), which no bundler reports, from what an earlier build left there. The change time and
 * the inode are asked, not the modification time, which copying tools carry over; and no clock, which may differ from
 * the filesystem's.
 */
async function takeSnapshot(dir: string): Promise<Snapshot> {
  const marks = new Map<string, string>()
  await walk(dir, marks)
  return marks
}

/** Files in `dir` that are new or were written since `before`. */
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

/** The folder may not exist yet, and is being emptied or filled while we look. */
function whenGone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return instead
    throw error
  }
}

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
