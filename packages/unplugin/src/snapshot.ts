import type { BigIntStats } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** What a folder held at a moment: path → a mark that changes when the file is written, replaced or touched. */
export type Snapshot = ReadonlyMap<string, string>

/**
 * The state of `dir`. Compared later it tells what plugins put beside the bundle (static copies, a service worker,
 * Vite's public folder), which no bundler reports, from what an earlier build left there. The change time and
 * the inode are asked, not the modification time, which copying tools carry over; and no clock, which may differ from
 * the filesystem's.
 */
export async function takeSnapshot(dir: string): Promise<Snapshot> {
  const marks = new Map<string, string>()
  await walk(dir, marks)
  return marks
}

/** Files in `dir` that are new or were written since `before`. */
export async function writtenSince(dir: string, before: Snapshot): Promise<string[]> {
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
