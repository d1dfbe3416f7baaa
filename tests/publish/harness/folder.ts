import { mkdtempSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new folder outside of the workspace, by its real path (on macOS /tmp is a link). */
export function newFolder(name: string): string {
  return mkdtempSync(join(realpathSync(tmpdir()), `fw-${name}-`))
}

/** The same, removed at the end of the test. */
export function testFolder(name: string): string {
  const folder = newFolder(name)
  onTestFinished(() => removeFolder(folder))
  return folder
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3 })
}
