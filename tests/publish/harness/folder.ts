import { mkdtempSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new folder outside the workspace, under the path that the system itself calls it (on macOS /tmp is a link). */
export function newFolder(name: string): string {
  return mkdtempSync(join(realpathSync(tmpdir()), `fw-${name}-`))
}

/** The same, gone when the test has ended. */
export function testFolder(name: string): string {
  const folder = newFolder(name)
  onTestFinished(() => removeFolder(folder))
  return folder
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3 })
}
