import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runGood } from './exec.ts'
import { npm } from './package-managers.ts'
import type { Registry } from './registry.ts'

/**
 * Packages that users install with ours, and dependencies of these. Each gets a newer version within the ranges that
 * need it, newer than any date that a commit can have recorded.
 */
export const poison: Readonly<Record<string, string>> = {
  esbuild: '0.28.999',
  picomatch: '4.0.999',
  rolldown: '1.3.999',
  undici: '7.999.0',
  vite: '8.999.0',
}

/** Publishes a version as the latest of its package. Its install fails, and so does everything that runs it. */
export async function publishPoison(registry: Registry, folder: string): Promise<void> {
  await Promise.all(
    Object.entries(poison).map(async ([name, version]) => {
      const dir = join(folder, `poison-${name}`)
      await mkdir(dir)
      const fail = `throw new Error('${name} ${version} is poisoned')\n`
      const manifest = {
        name,
        version,
        main: 'index.js',
        bin: { [name]: 'index.js' },
        scripts: { preinstall: 'node index.js' },
      }
      const files = { 'package.json': JSON.stringify(manifest), 'index.js': fail, '.npmrc': registry.npmrc }
      for (const [file, text] of Object.entries(files)) await writeFile(join(dir, file), text)
      await runGood([...npm, 'publish', '--tag=latest', '--ignore-scripts', `--cache=${dir}-cache`], dir)
    }),
  )
}
