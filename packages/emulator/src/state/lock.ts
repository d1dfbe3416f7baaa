import { randomUUID } from 'node:crypto'
import { link, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/** Folders that this process has locked. Another lock with our pid is from an earlier process with that pid. */
const held = new Set<string>()

/** The content of a lock whose owner has closed. */
const released = 'released'

/**
 * Lets only one emulator at a time use a folder. Two would overwrite each other's state.
 *
 * A lock is a file `emulator-N.lock` that holds the pid of its owner, and the highest N counts. Nobody removes a lock
 * whose process is gone: the next owner is the first process to create the next number. If two processes removed and
 * created the same file, one could remove the other's new lock. For the same reason a closed emulator leaves its lock,
 * and marks it.
 * @returns a function that frees the folder
 * @throws {Error} if another emulator uses the folder
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const folder = await realpath(dir)
  if (held.has(folder)) throw inUse(dir, process.pid)
  held.add(folder)
  try {
    const file = await takeLock(folder, dir)
    return async () => {
      // Replaced as a whole, because nobody could read a lock without content.
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
    // The owner of a higher one has removed it.
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
    // Otherwise somebody has created a higher lock meanwhile, and removed ours.
    if (highest === latest + 1) return file
  }
}

/** False if it exists. A link appears with its content at once; a file would be empty first. */
async function makeLock(folder: string, file: string): Promise<boolean> {
  const draft = join(folder, `emulator-${randomUUID()}.draft`)
  await writeFile(draft, String(process.pid))
  try {
    await link(draft, file)
    return true
  } catch (error) {
    // ENOENT: the owner of another lock has removed our draft.
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
    // The process exists, but belongs to another user.
    return codeOf(error) === 'EPERM'
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
