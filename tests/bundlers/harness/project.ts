import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

/** Packages of the workspace that every project may import. */
const OURS = ['@fw/vite-plugin', '@fw/esbuild-plugin', '@fw/evaluator-unplugin', '@fw/evaluator-core']
const MODULES = resolve(import.meta.dirname, '../../node_modules')

/** A folder of its own with a project in it, as a user would have it: `vite` there is the version under test. */
export async function createProject(
  files: Record<string, string>,
  packages: Record<string, string>,
): Promise<{ dir: string } & AsyncDisposable> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'fw-cell-')))
  for (const [name, target] of [...OURS.map((own) => [own, own] as const), ...Object.entries(packages)]) {
    const link = join(dir, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(await realpath(join(MODULES, target)), link, 'junction')
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) }
}

/** The version of a package that the catalog has, as its own manifest says it. */
export function versionOf(name: string): string {
  const manifest: { version: string } = createRequire(import.meta.url)(join(MODULES, name, 'package.json'))
  return manifest.version
}

/** The script behind a program of a package: `vite` → …/vite/bin/vite.js. */
export function binOf(dir: string, name: string, bin: string = name): string {
  const path = join(dir, 'node_modules', name, 'package.json')
  const manifest: { bin: string | Record<string, string> } = createRequire(import.meta.url)(path)
  const file = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin]
  if (file === undefined) throw new Error(`${name} has no program ${bin}`)
  return join(dirname(path), file)
}
