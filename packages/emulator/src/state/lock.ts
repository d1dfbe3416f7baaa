import { randomUUID } from 'node:crypto'
import { link, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/** Folders that this process has locked: a lock with our own pid is otherwise one of an earlier process of that pid. */
const held = new Set<string>()

/** What a lock holds once its owner has closed. */
const released = 'released'

/**
 * Makes sure that one emulator at a time uses a folder: two would overwrite each other's state.
 *
 * A lock is a file `emulator-N.lock` that holds the pid of its owner, and the highest N counts. A lock whose process is
 * gone is not removed but outnumbered, by whoever makes the next one first: where two processes find the same lock of
 * a dead one, a file that both remove and make anew could be removed under the winner. For the same reason a closed
 * emulator leaves its lock, and marks it.
 * @returns gives the folder free again
 * @throws {Error} when another emulator uses the folder
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const folder = await realpath(dir)
  if (held.has(folder)) throw inUse(dir, process.pid)
  held.add(folder)
  try {
    const file = await takeLock(folder, dir)
    return async () => {
      // Replaced as a whole: a lock without content would be one that nobody understands.
      await writeFileAtomic(file, released)
      held.delete(folder)
    }
  } catch (error) {
    held.delete(folder)
    throw error
  }
}

async function takeLock(folder: string, dir: string): Promise<string> {
  for (;;) {
    const [latest = 0] = await lockNumbers(folder)
    const owner =
      latest === 0 ? released : await readFile(fileOf(folder, latest), 'utf8').catch(() => undefined)
    // Removed by the maker of a higher one.
    if (owner === undefined) continue
    if (owner !== released && Number(owner) !== process.pid && isAlive(Number(owner)))
      throw inUse(dir, Number(owner), fileOf(dir, latest))
    const file = fileOf(folder, latest + 1)
    if (!(await makeLock(folder, file))) continue
    const [highest, ...lower] = await lockNumbers(folder)
    const drafts = (await readdir(folder)).filter((name) => name.endsWith('.draft'))
    const outdated = [
      ...lower.map((number) => fileOf(folder, number)),
      ...drafts.map((name) => join(folder, name)),
    ]
    await Promise.all(outdated.map((path) => rm(path, { force: true })))
    // Else somebody has made a higher one since our look, and has removed the one that we have made again.
    if (highest === latest + 1) return file
  }
}

/** False where it is there already. A link appears with its content at once; a file would be empty at first. */
async function makeLock(folder: string, file: string): Promise<boolean> {
  const draft = join(folder, `emulator-${randomUUID()}.draft`)
  await writeFile(draft, String(process.pid))
  try {
    await link(draft, file)
    return true
  } catch (error) {
    // ENOENT: the maker of another lock has removed our draft.
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** The highest first. */
async function lockNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder)
  return names
    .map((name) => Number(/^emulator-(\d+)\.lock$/.exec(name)?.[1] ?? 0))
    .filter(Boolean)
    .sort((a, b) => b - a)
}

function fileOf(folder: string, number: number): string {
  return join(folder, `emulator-${number}.lock`)
}

function inUse(dir: string, owner: number, lock?: string): Error {
  const stale = lock === undefined ? '' : `. If process ${owner} is no emulator, remove ${lock}`
  return new Error(`${dir} is in use by another emulator (process ${owner}); choose another folder${stale}`)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It is there, but another user's.
    return codeOf(error) === 'EPERM'
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
