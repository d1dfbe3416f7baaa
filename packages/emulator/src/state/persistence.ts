import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { SavedState } from './state.ts'

const fileName = 'state.json'

/** The one file that says what is: it is replaced as a whole, so a process killed at any moment leaves the last whole one. */
export interface Persistence {
  load(): Promise<SavedState | undefined>
  /** Resolves once a state that holds every change made up to this call is on disk. */
  save(): Promise<void>
  /** Resolves once no save is under way. */
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
      // A save that has not begun yet will take its snapshot after this change: it serves for both.
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

/** The file is ours, and replaced as a whole: its version tells all the rest. */
function isSaved(value: unknown): value is SavedState {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1
}
