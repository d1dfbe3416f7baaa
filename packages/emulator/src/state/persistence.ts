import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { SavedState } from './state.ts'

const fileName = 'state.json'

/**
 * The file with the whole state. It is replaced as a whole, so a process that is killed leaves the last complete one.
 */
export interface Persistence {
  load(): Promise<SavedState | undefined>
  /** Resolves when a state with every change up to this call is on disk. */
  save(): Promise<void>
  /** Resolves when no save is running. */
  settled(): Promise<void>
}

/** @param dir undefined: nothing is written or read */
export function createPersistence(dir: string | undefined, snapshot: () => SavedState): Persistence {
  let current: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  if (dir === undefined) return { load: async () => undefined, save: () => current, settled: () => current }

  const file = join(dir, fileName)
  return {
    async load() {
      const names = await readdir(dir)
      const halfWritten = names.filter((name) => name.startsWith(`${fileName}.`))
      await Promise.all(halfWritten.map((name) => rm(join(dir, name), { force: true })))
      return names.includes(fileName) ? parse(await readFile(file, 'utf8'), file) : undefined
    },
    save() {
      // A save that has not started yet will include this change, so it serves for both.
      next ??= current
        .catch(() => {})
        .then(() => {
          next = undefined
          return writeFileAtomic(file, JSON.stringify(snapshot()), { mode: 0o600 })
        })
      current = next
      return next
    },
    settled: () => current,
  }
}

function parse(text: string, file: string): SavedState {
  const saved: unknown = JSON.parse(text)
  if (isSaved(saved)) return saved
  throw new Error(
    `${file} was not written by this version of the emulator; choose another folder, or remove the file`,
  )
}

/** The file is ours and always complete, so a check of its version is enough. */
function isSaved(value: unknown): value is SavedState {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1
}
