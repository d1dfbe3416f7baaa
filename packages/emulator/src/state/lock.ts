import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Folders that this process has locked: a lock with our own pid is otherwise one of an earlier process of that pid. */
const held = new Set<string>()

/**
 * Makes sure that one emulator at a time uses a folder: two would overwrite each other's state. A lock whose process
 * is gone does not count.
 * @returns gives the folder free again
 * @throws {Error} when another emulator uses the folder
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  const file = join(dir, 'emulator.pid')
  const owner = Number(await readFile(file, 'utf8').catch(() => ''))
  if (held.has(file) || (owner > 0 && owner !== process.pid && isAlive(owner))) {
    throw new Error(`${dir} is in use by another emulator (process ${owner}); give it a folder of its own`)
  }
  held.add(file)
  await writeFile(file, String(process.pid))
  return async () => {
    await rm(file, { force: true })
    held.delete(file)
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It is there, but another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
