import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { tarballOf } from '@fw-tests/tarballs'
import { runGood } from './exec.ts'
import { npm } from './package-managers.ts'
import type { Registry } from './registry.ts'

/**
 * Installs packed packages in a folder as a user would, without scripts. List all packages of ours that they need,
 * because no registry has these versions.
 */
export async function installTarballs(
  registry: Registry,
  folder: string,
  packages: readonly string[],
  others: Record<string, string> = {},
): Promise<void> {
  const ours = packages.map((name) => [name, `file:${tarballOf(name).path}`])
  const manifest = {
    name: basename(folder),
    private: true,
    type: 'module',
    dependencies: { ...Object.fromEntries(ours), ...others },
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  await writeFile(join(folder, '.npmrc'), registry.npmrc)
  // Its own cache: the usual one may have answers of an earlier registry, with another date.
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--omit=peer', `--cache=${folder}-cache`]
  await registry.installed(runGood([...npm, 'install', ...flags], folder))
}
