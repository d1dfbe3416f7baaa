import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'

/**
 * Lends a folder named `<prefix>` and six letters, and removes it afterwards, also when the process is ended by the
 * second Ctrl-C.
 */
export async function withScratch<T>(prefix: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(prefix)
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  try {
    return await work(folder)
  } finally {
    process.off('exit', remove)
    remove()
  }
}
