import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/**
 * A copy of `fixture/` with this package's dependencies, outside of the repository, because its .gitignore would change
 * what is packed.
 */
export function createSandbox(): { dir: string; home: string; remove(): void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'fw-docs-')))
  const dir = join(root, 'project')
  cpSync(join(here, 'fixture'), dir, { recursive: true })
  symlinkSync(join(here, 'node_modules'), join(dir, 'node_modules'), 'junction')
  return { dir, home: join(root, 'home'), remove: () => rmSync(root, { recursive: true, force: true }) }
}
