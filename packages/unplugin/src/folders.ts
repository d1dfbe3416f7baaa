import { holds } from './paths.ts'
import { type Snapshot, takeSnapshot, writtenSince } from './snapshot.ts'

/** The output folders of a build (of all rounds, in watch mode), and what they held before it. */
export interface Folders {
  /** Looks at an output folder before anything is written to it; only the first look counts. */
  remember(dir: string): Promise<void>
  /** Notes files that the bundler wrote itself: in a watcher, those of an earlier round are no extras of this one. */
  name(files: readonly string[]): void
  /** The folders that were looked at. */
  dirs(): string[]
  /** What others than the bundler have written to `dir` since {@link Folders.remember}. */
  added(dir: string): Promise<string[]>
}

/** @param root The project's root. A folder that holds it is no output folder to look through: sources are in it. */
export function createFolders(root: string): Folders {
  const before = new Map<string, Promise<Snapshot>>()
  const named = new Set<string>()
  return {
    async remember(dir) {
      if (holds(dir, root)) return
      const look = before.get(dir) ?? takeSnapshot(dir)
      before.set(dir, look)
      await look
    },
    name(files) {
      for (const file of files) named.add(file)
    },
    dirs() {
      return [...before.keys()]
    },
    async added(dir) {
      const written = await writtenSince(dir, (await before.get(dir)) ?? new Map())
      return written.filter((file) => !named.has(file))
    },
  }
}
