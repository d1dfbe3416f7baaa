import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Content by path; for the tests of this package. */
export type Tree = Readonly<Record<string, string | Uint8Array | { link: string } | { executable: string }>>

/** What git asks of a folder to be a repository. */
export const GIT_FOLDER: Tree = {
  '.git/HEAD': 'ref: refs/heads/main\n',
  '.git/objects/info/x': '',
  '.git/refs/x': '',
}

/** A folder of its own, gone when the test is. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fw-test ü-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function writeTree(folder: string, tree: Tree): string {
  for (const [path, content] of Object.entries(tree)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(file, content)
    else if ('link' in content) symlinkSync(content.link, file)
    else {
      writeFileSync(file, content.executable)
      chmodSync(file, 0o755)
    }
  }
  return folder
}

export function temporaryTree(tree: Tree): string {
  return writeTree(temporaryFolder(), tree)
}
